/**
 * Loaded before a process's own code (`NODE_OPTIONS=--import=…`): Microsoft's Graph is the emulator that GRAPH_STAND_IN names, and nothing else
 * beyond this machine can be fetched. So runs that take themselves for real ones can be tried out.
 */
const standIn = process.env.GRAPH_STAND_IN;
const fetchHere = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.origin === "https://graph.microsoft.com") return fetchHere(new URL(`${url.pathname}${url.search}`, standIn), init);
  if (url.hostname === "127.0.0.1") return fetchHere(url, init);
  return Promise.reject(new TypeError(`a test would have reached ${url.host}`));
};

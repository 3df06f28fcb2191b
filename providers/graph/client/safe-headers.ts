/**
 * Headers of what a server said; one that HTTP does not allow is left out, where `Headers` alone
 * would throw.
 */
export function safeHeaders(entries: Iterable<readonly [name: string, text: unknown]>): Headers {
  const headers = new Headers();
  for (const [name, text] of entries) {
    if (/^[\w-]{1,100}$/.test(name) && typeof text === "string" && /^[\t\x20-\x7e]*$/.test(text)) headers.append(name, text);
  }
  return headers;
}

import { send, serve } from "./http-relay.ts";
import { type Prism, startPrism } from "./prism.ts";

/** Names the server that Prism's calls are for: Prism itself knows only one. */
export const UPSTREAM = "x-upstream";

/**
 * Environment variable with the address of a Prism that all test files of a run share: each costs
 * five seconds of processor time.
 */
export const SHARED_PRISM = "DEVICE_LIFECYCLE_TEST_PRISM";

/**
 * Prism for calls to any server: each names its own in the header `UPSTREAM`, which does not get
 * there.
 */
export async function startRoutedPrism(document: object): Promise<Prism> {
  const router = await serve((call) => {
    const { [UPSTREAM]: upstream, ...headers } = call.headers;
    return send(String(upstream), { ...call, headers });
  });
  const prism = await startPrism(document, router.url);
  return {
    url: prism.url,
    stop: async () => {
      await prism.stop();
      router.close();
    },
  };
}

import { isLoopbackHost } from "./cloud.ts";

/** The account and the container, or the vault, of an address: without what stands behind them. */
export function shownAddress(address: string): string {
  const url = new URL(address);
  const host = isLoopbackHost(url.hostname) ? url.host : (url.hostname.split(".")[0] ?? url.hostname);
  return `${host}${url.pathname === "/" ? "" : url.pathname}`;
}

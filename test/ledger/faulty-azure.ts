import { afterAll, afterEach, beforeAll } from "@jest/globals";
import type { LedgerError } from "../../providers/domain/errors.ts";
import { type Azurite, startAzurite } from "../support/azurite.ts";
import { type Fault, type FaultyProxy, type ProxiedRequest, startFaultyProxy } from "../support/faulty-proxy.ts";

/** Storage on this machine, and a proxy before it whose faults last for one test. */
export interface FaultyAzure {
  readonly azurite: Azurite;
  readonly proxy: FaultyProxy;
  /** The next requests of a kind get these faults, one each; all others pass. */
  failNext(isMeant: (request: ProxiedRequest) => boolean, ...faults: readonly Fault[]): void;
}

/** One for all tests of a file. */
export function faultyAzure(): FaultyAzure {
  let azurite: Azurite;
  let proxy: FaultyProxy;
  beforeAll(async () => {
    azurite = await startAzurite();
    proxy = await startFaultyProxy(new URL(azurite.account).origin);
  });
  afterAll(async () => {
    await proxy?.close();
    await azurite?.stop();
  });
  afterEach(() => {
    proxy.decide = () => null;
  });
  return {
    get azurite() {
      return azurite;
    },
    get proxy() {
      return proxy;
    },
    failNext(isMeant, ...faults) {
      const left = [...faults];
      proxy.decide = (request) => (isMeant(request) ? (left.shift() ?? null) : null);
    },
  };
}

export const isAppend = ({ method, target }: ProxiedRequest) => method === "PUT" && /\/ledger-\d+\.jsonl\?.*comp=appendblock/.test(target);
export const isRenewal = ({ headers }: ProxiedRequest) => headers["x-ms-lease-action"] === "renew";
export const isIndexList = ({ method, target }: ProxiedRequest) => method === "GET" && /comp=list.*prefix=ledger\.index/.test(target);
export const isIndexRead = ({ method, target }: ProxiedRequest) => method === "GET" && target.includes("/ledger.index/");
export const isIndexWrite = ({ method, target }: ProxiedRequest) => method !== "GET" && target.includes("/ledger.index/");
export const isBrake = ({ method, target }: ProxiedRequest) => method === "GET" && target.includes("/brake.jsonl");

/** What the work throws; throws where it throws nothing. */
export async function errorOf(work: Promise<unknown>): Promise<LedgerError> {
  try {
    await work;
  } catch (error) {
    return error as LedgerError;
  }
  throw new Error("nothing was thrown");
}

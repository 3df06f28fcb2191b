import { hash } from "node:crypto";
import { ConfigurationError } from "../domain/errors.ts";

/** 128 random bits as 32 hex digits: a UUID has 122, so two are mixed. */
export function newEntryId(uuid: () => string): string {
  return hash("sha256", `${uuid()}\n${uuid()}`).slice(0, 32);
}

/** For anything that no `put` of ours gives back. */
export function notAReference(text: string): ConfigurationError {
  const hint = "copy it from the resource's output bypassCode.reference, or from `dlr ledger show STACK`";
  return new ConfigurationError(`${JSON.stringify(text)} is not a reference to an escrowed secret`, { hint });
}

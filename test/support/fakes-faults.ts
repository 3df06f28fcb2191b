import type { Ports } from "../../providers/domain/ports.ts";

/**
 * The process dies, or a store breaks, at one call of a port: before it has any effect, or after
 * all of it.
 */
export interface Fault {
  /** Counts the calls of all ports together, from 0. */
  readonly call: number;
  /** Counts the calls of this method alone. */
  readonly method?: string;
  readonly when: "before" | "after";
}

export class Crash extends Error {
  constructor(where: string) {
    super(`crashed ${where}`);
    this.name = "Crash";
  }
}

const INTERRUPTED = {
  directory: ["observe", "lookForGone", "readBypassCode"],
  actions: ["permission", "approval", "send"],
  escrow: ["put"],
  ledger: ["recordsOf", "append", "appendUnless", "brake", "facts"],
} as const;

/** The same ports, of which one call fails; `calls` lists what was called. */
export function withFault(ports: Ports, fault: Fault | null): { readonly ports: Ports; readonly calls: readonly string[] } {
  const calls: string[] = [];
  const wrap = <T extends object>(port: T, methods: readonly (keyof T & string)[]): T =>
    new Proxy(port, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        const method = value.bind(target);
        // An append is one write, whatever is asked before it.
        return methods.some((known) => known === name) ? interrupted(method, String(name).replace("appendUnless", "append")) : method;
      },
    });
  const interrupted =
    (method: (...given: unknown[]) => Promise<unknown>, name: string) =>
    async (...given: unknown[]) => {
      const isHit = isHitBy(fault, name, calls);
      calls.push(name);
      if (isHit && fault?.when === "before") throw new Crash(`before ${name}`);
      const result = await method(...given);
      if (isHit) throw new Crash(`after ${name}`);
      return result;
    };
  return {
    calls,
    ports: {
      ...ports,
      directory: wrap(ports.directory, INTERRUPTED.directory),
      actions: wrap(ports.actions, INTERRUPTED.actions),
      escrow: wrap(ports.escrow, INTERRUPTED.escrow),
      ledger: wrap(ports.ledger, INTERRUPTED.ledger),
    },
  };
}

function isHitBy(fault: Fault | null, name: string, calls: readonly string[]): boolean {
  if (fault === null || (fault.method ?? name) !== name) return false;
  const count = fault.method === undefined ? calls.length : calls.filter((call) => call === name).length;
  return count === fault.call;
}

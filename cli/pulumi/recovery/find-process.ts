import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { systemCode } from "../../../providers/support/system-code.ts";
import type { ProcessState } from "./judge-lock.ts";

/**
 * A process of this machine. One that was killed and that its parent has not yet looked after is
 * gone.
 */
export function findProcess(pid: number): ProcessState {
  if (!isThere(pid)) return { kind: "gone" };
  const row = fromProc(pid) ?? fromPs(pid);
  if (row === null) return { kind: "running", name: null };
  return row.state.startsWith("Z") ? { kind: "gone" } : { kind: "running", name: path.basename(row.name) };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, and is there.
    return systemCode(error) !== "ESRCH";
  }
}

interface Row {
  readonly state: string;
  readonly name: string;
}

/** Linux: `PID (NAME) STATE …`; slim images have no ps. */
function fromProc(pid: number): Row | null {
  try {
    const [, name = "", state = ""] = /^\d+ \((.*)\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return { name, state };
  } catch {
    return null;
  }
}

function fromPs(pid: number): Row | null {
  try {
    const text = execFileSync("ps", ["-p", String(pid), "-o", "stat=,comm="], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const [, state = "", name = ""] = /^\s*(\S+)\s+(.*\S)/.exec(text) ?? [];
    return name === "" ? null : { name, state };
  } catch {
    return null;
  }
}

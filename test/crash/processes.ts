import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Victim } from "./points.ts";

type Role = "command" | "engine" | "host" | "program" | "provider" | "other";

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** The processes of one run, by what they are in it. */
export interface RunProcesses {
  readonly leader: number;
  readonly members: readonly { readonly pid: number; readonly role: Role }[];
}

/** Everything at and below the process that was started. */
export function processesOf(leader: number): RunProcesses {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((match): Row[] => (match === null ? [] : [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? "" }]));
  const within = new Set([leader]);
  for (let size = 0; size !== within.size; ) {
    size = within.size;
    for (const { pid, parent } of rows) if (within.has(parent)) within.add(pid);
  }
  return { leader, members: rows.filter(({ pid }) => within.has(pid)).map((row) => ({ pid: row.pid, role: roleOf(row) })) };
}

function roleOf({ command }: Row): Role {
  if (command.includes("dynamic-provider")) return "provider";
  if (command.includes("pulumi-language-nodejs")) return "host";
  if (command.includes("@pulumi/pulumi/cmd/run")) return "program";
  if (/cli\/up\.ts/.test(command)) return "command";
  return /\/pulumi up /.test(command) ? "engine" : "other";
}

/**
 * Returns when the victims are dead, or have been asked to end. Throws where the run has no such
 * process.
 */
export async function strike(victim: Victim, run: RunProcesses): Promise<void> {
  if (victim === "terminate") return signalTo(-run.leader, "SIGTERM");
  const members = run.members.filter(({ role }) => isStruck(victim, role));
  if (members.length === 0) throw new Error(`the run has no ${victim}`);
  // Stopped first, so that none sees another die.
  for (const signal of ["SIGSTOP", "SIGKILL"] as const) {
    if (victim === "group") signalTo(-run.leader, signal);
    else for (const { pid } of members) signalTo(pid, signal);
  }
  await ended({ ...run, members }, 10_000);
}

function isStruck(victim: Victim, role: Role): boolean {
  if (victim === "group") return role === "command" || role === "engine";
  return victim === "machine" || role === victim;
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

export function endNow(run: RunProcesses): void {
  for (const { pid } of run.members) signalTo(pid, "SIGKILL");
}

/**
 * Until every process of the run has ended by itself; gives those that have not within the limit.
 */
export async function ended(run: RunProcesses, limitMs: number): Promise<readonly string[]> {
  const deadline = performance.now() + limitMs;
  const left = () => run.members.filter(({ pid }) => isAlive(pid));
  while (left().length > 0 && performance.now() < deadline) await sleep(50);
  return left().map(({ pid, role }) => `${role} ${pid}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

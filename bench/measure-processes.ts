import { readdirSync, readFileSync } from "node:fs";
import { ConfigurationError } from "../providers/domain/errors.ts";
import { systemCode } from "../providers/support/system-code.ts";

/** What a piece of work cost, in all processes that it started together. */
export interface Usage {
  readonly seconds: number;
  /** Processor time, user and system. */
  readonly cpuSeconds: number;
  /**
   * Highest sum of the processes' proportional set sizes at one moment: memory that several share
   * counts once.
   */
  readonly peakMiB: number;
}

/**
 * Fields that are read of `/proc/PID/stat`:
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Own processor time in ticks, that of children not counted. */
  readonly ticks: number;
  /** Of children that have ended and were waited for, and theirs. */
  readonly waitedTicks: number;
  /** Ticks since boot: a pid that is used again is another process. */
  readonly started: number;
}

/** Linux gives out processor time in hundredths of a second, whatever its own clock. */
const TICKS = 100;
const INTERVAL_MS = 100;

/**
 * Does the work and says what the processes below this one cost meanwhile. Time is counted twice,
 * and the higher count is the answer: by the kernel for processes that were waited for, which
 * leaves out those that outlive their parent; and by a look ten times a second at all there are,
 * which leaves out what a process does after the last look. This process, the emulator in it, is no
 * part of either. Throws `ConfigurationError` where there is no `/proc`.
 */
export async function measureProcesses<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly usage: Usage }> {
  const before = requireSelf().waitedTicks;
  const earlier = new Map(descendants(readAll(), process.pid).map((one) => [nameOf(one), one.ticks]));
  const ticks = new Map<string, number>();
  let peak = 0;
  const look = () => {
    const processes = descendants(readAll(), process.pid);
    for (const one of processes) ticks.set(nameOf(one), one.ticks - (earlier.get(nameOf(one)) ?? 0));
    peak = Math.max(
      peak,
      processes.reduce((sum, { pid }) => sum + memoryOf(pid), 0),
    );
  };
  const timer = setInterval(look, INTERVAL_MS);
  const start = performance.now();
  try {
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    look();
    const seen = [...ticks.values()].reduce((sum, own) => sum + own, 0);
    const cpuSeconds = Math.max(requireSelf().waitedTicks - before, seen) / TICKS;
    return { result, usage: { seconds, cpuSeconds, peakMiB: peak / 1024 } };
  } finally {
    clearInterval(timer);
  }
}

/** Tells a process from a later one with the same pid. */
function nameOf({ pid, started }: ProcessStat): string {
  return `${pid} ${started}`;
}

/** One line of `/proc/PID/stat`; the name in it may hold blanks and parentheses. */
export function parseStat(line: string): ProcessStat {
  const rest = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const at = (field: number) => Number(rest[field - 3]);
  return {
    pid: Number.parseInt(line, 10),
    parent: at(4),
    ticks: at(14) + at(15),
    waitedTicks: at(16) + at(17),
    started: at(22),
  };
}

/** All processes below one. */
export function descendants(all: readonly ProcessStat[], root: number): readonly ProcessStat[] {
  const children = Map.groupBy(all, ({ parent }) => parent);
  const found = [...(children.get(root) ?? [])];
  for (const one of found) found.push(...(children.get(one.pid) ?? []));
  return found;
}

/** Those that a process started itself and that have not ended. */
export function childrenOf(parent: number): readonly ProcessStat[] {
  return readAll().filter((one) => one.parent === parent);
}

function requireSelf(): ProcessStat {
  const self = readStat("self");
  if (self === null) throw new ConfigurationError("processes are measured by /proc, which only Linux has");
  return self;
}

function readAll(): readonly ProcessStat[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(name) ?? []);
}

function readStat(pid: string): ProcessStat | null {
  const line = readOf(`/proc/${pid}/stat`);
  return line === null ? null : parseStat(line);
}

/** KiB; none for a process that has just ended. */
function memoryOf(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readOf(`/proc/${pid}/smaps_rollup`) ?? "")?.[1] ?? 0);
}

/** Null for a process that is gone, or whose memory may not be seen. */
function readOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return null;
  }
}

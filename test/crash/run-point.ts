import { cp, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { readLedger } from "./await-moment.ts";
import { crashRun } from "./crash-run.ts";
import { judge } from "./judge.ts";
import { judgeAges, type LookAge, lookAges } from "./look-ages.ts";
import type { Moment, Point } from "./points.ts";
import { type Recovery, recoverRun } from "./recover-run.ts";
import { IPAD, NAME, requestNamed, UP } from "./stage.ts";
import { notMended, tear, tornFiles } from "./torn-files.ts";
import { setWeather } from "./weather.ts";

/** What became of one point; it holds when there are no violations. */
export interface PointResult {
  readonly violations: readonly string[];
  /** How the request got to its end, in words. */
  readonly how: string;
  /** What the runs after the crash said. */
  readonly texts: readonly string[];
  /** Of each call that must not be done twice, in all its runs. */
  readonly ages: readonly LookAge[];
}

/**
 * One crash and the recovery from it by the documented commands, with an emulator and a project of
 * its own.
 */
export async function runPoint(point: Point): Promise<PointResult> {
  const isSlow = point.device === "slow";
  const emulator = await startEmulator({ checkInDelayMs: isSlow ? 3_600_000 : 100 });
  if (isSlow) reportAllButWipe(emulator);
  // Long enough that only the end of its engine ends a provider that waits; doubt is waited for as
  // long, though.
  const project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: point.isLost ? "3s" : "60s" });
  try {
    await project.write("requests/a.yaml", requestNamed(NAME));
    await mkdir(path.join(project.folder, "ledger"), { mode: 0o700 });
    const clearUp = setWeather(point.weather, emulator);
    const crash = await crashRun(point, point.moment, emulator, project);
    clearUp();
    if (isSlow) reportWipeWhenWatched(emulator);
    if (point.aftermath === "tornState") await tear("state", project);
    if (point.aftermath === "tornNote") await tear("note", project);
    const torn = await tornFiles(project);
    const recovery = await aftermath(point, emulator, project);
    const end = [...(await judge(emulator, project, recovery.notTaken)), ...(await notMended(torn, recovery.texts))];
    const ages = lookAges(emulator);
    const violations = [...crash, ...recovery.violations, ...end, ...judgeAges(ages)];
    const mended = torn.map(({ file }) => `, ${path.basename(file).slice(project.stack.length)} was torn`).join("");
    return { how: `${recovery.how}${mended}`, texts: recovery.texts, violations, ages };
  } finally {
    await emulator.close();
    await project.remove();
  }
}

function reportAllButWipe(emulator: Emulator): void {
  emulator.on("applied", ({ action }) => {
    if (action !== "wipe") emulator.checkIn(IPAD);
  });
}

/**
 * Reads of the program, of the provider, and of the provider again: by then both runs have seen the
 * wipe under way.
 */
function reportWipeWhenWatched(emulator: Emulator): void {
  let reads = 0;
  emulator.on("request", ({ kind }) => {
    if (kind !== "action" && ++reads > 3) emulator.checkIn(IPAD);
  });
}

async function aftermath(point: Point, emulator: Emulator, project: PulumiProject): Promise<Recovery> {
  const recover = () => recoverRun(emulator, project, { PULUMI_SKIP_CHECKPOINTS: String(point.skipCheckpoints) });
  const unsent = (what: string, before: number) =>
    emulator.actionCalls.length === before
      ? []
      : [
          `${what} sent ${emulator.actionCalls
            .slice(before)
            .map(({ action }) => action)
            .join(", ")}`,
        ];
  const sent = emulator.actionCalls.length;
  switch (point.aftermath) {
    case "up":
    case "tornState":
      return recover();
    case "stateLost":
      await rm(path.join(project.folder, "state"), { recursive: true });
      await project.initStack();
      return recover();
    case "olderState": {
      const [state, older] = ["state", "older"].map((name) => path.join(project.folder, name)) as [string, string];
      await cp(state, older, { recursive: true });
      const first = await recover();
      const before = emulator.actionCalls.length;
      await rm(state, { recursive: true });
      await cp(older, state, { recursive: true });
      return withMore(first, await recover(), unsent("the older state", before));
    }
    case "renamed": {
      await project.write("requests/a.yaml", requestNamed(`${NAME}-again`));
      const renamed = await project.npmRun("up", UP);
      await project.write("requests/a.yaml", requestNamed(NAME));
      const refused = renamed.code === 0 ? ["a renamed request was not refused"] : [];
      const found = [...refused, ...unsent("a renamed request", sent)];
      return withMore({ how: "", notTaken: [], violations: found, texts: [renamed.text] }, await recover());
    }
    case "twoUps":
    case "tornNote": {
      const both = await Promise.all([project.npmRun("up", UP), project.npmRun("up", UP)]);
      return withMore({ how: "", notTaken: [], violations: [], texts: both.map(({ text }) => text) }, await recover());
    }
    case "replace": {
      const first = await recover();
      const before = emulator.actionCalls.length;
      const urn = (await project.resources()).get(NAME)?.urn ?? "";
      const replaced = await project.npmRun("up", [...UP, "--replace", urn]);
      const violations = [...(replaced.code === 0 ? [] : [`--replace ended with ${replaced.code}`]), ...unsent("--replace", before)];
      return withMore(first, { how: first.how, notTaken: [], violations, texts: [replaced.text] });
    }
    case "crashAgain": {
      const violations = await crashRun(point, await momentOfSecondRun(project), emulator, project);
      return withMore({ how: "", notTaken: [], violations, texts: [] }, await recover());
    }
  }
}

function withMore(first: Recovery, second: Recovery, violations: readonly string[] = []): Recovery {
  return {
    how: second.how,
    notTaken: [...first.notTaken, ...second.notTaken],
    violations: [...first.violations, ...second.violations, ...violations],
    texts: [...first.texts, ...second.texts],
  };
}

/** A wipe that was meant already comes to a request of its own no more. */
async function momentOfSecondRun(project: PulumiProject): Promise<Moment> {
  const isWipeMeant = (await readLedger(project)).some((record) => record.kind === "intent" && record.action === "wipe");
  return isWipeMeant ? { at: "record", kind: "outcome", step: null } : { at: "applied", call: "wipe" };
}

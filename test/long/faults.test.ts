import { rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { CLASSES, type ClassName, devicesOf, type FaultyRequest, requestsOf, yamlOf } from "../faults/fault-classes.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";
import { filesWith, leaksIn } from "../support/secrets.ts";

/**
 * One `up` of the real engine for each class of faults, with a request for each action that
 * destroys data and each that is safe to repeat, on a device of its own. Each `up` also runs the
 * requests of the class before once more, whose faults are gone.
 */
describe("faults through the real engine", () => {
  let emulator: Emulator;
  let project: PulumiProject;

  beforeAll(async () => {
    emulator = await startEmulator({ devices: CLASSES.flatMap(devicesOf), checkInDelayMs: 200, throttle: "off" });
    project = await PulumiProject.create({ graphEndpoint: emulator.url });
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  const added: FaultyRequest[] = [];

  /**
   * Adds the requests of a class to those that are there; their faults are gone in the next `up`.
   */
  async function up(wait: string, className?: ClassName): Promise<PulumiRun> {
    emulator.clearFaults();
    for (const { serialNumber, checksIn } of added) if (checksIn) emulator.checkIn(serialNumber);
    const requests = className === undefined ? [] : requestsOf(className);
    for (const { strikes, serialNumber } of requests) for (const strike of strikes) emulator.setFault({ ...strike, device: serialNumber });
    added.push(...requests);
    await project.configure({ graphEndpoint: emulator.url, wait, maxDestructive: 1000 });
    await project.write("requests/all.yaml", stringify({ requests: added.map(yamlOf) }, { aliasDuplicateObjects: false }));
    return project.up("--parallel", "64");
  }

  /** What state holds of the requests, and what went over the wire for them. */
  async function standing(requests: readonly FaultyRequest[]) {
    const resources = await project.resources();
    return Object.fromEntries(
      requests.map(({ name, action, serialNumber }) => {
        const posts = emulator.actionCalls.filter((call) => call.action === action && call.serialNumber === serialNumber).length;
        return [name, [resources.get(name)?.outputs.outcome ?? "none", posts]];
      }),
    );
  }

  const postsIn = (found: Readonly<Record<string, readonly unknown[]>>) => Object.values(found).map(([, posts]) => posts);
  const firstOf = (requests: readonly FaultyRequest[]) =>
    Object.fromEntries(requests.map(({ name, expected }) => [name, [expected.up, expected.posts]]));
  const laterOf = (requests: readonly FaultyRequest[]) =>
    Object.fromEntries(requests.map(({ name, expected }) => [name, expected.later ?? [expected.up, expected.posts]]));

  /** Requests of which no line of what was printed says what the table says. */
  function unsaid(run: PulumiRun, requests: readonly FaultyRequest[]): readonly string[] {
    const lines = run.text.split("\n").map((line) => line.trim().replace(/^(?:warning|error): /, ""));
    return requests
      .filter(({ expected }) => expected.up !== "succeeded" && !lines.some((line) => expected.says.test(line)))
      .map(({ name }) => name);
  }

  test("throttled: everything is sent again and done, and the run is green", async () => {
    const run = await up("20s", "throttled");

    expect(await standing(requestsOf("throttled"))).toEqual(firstOf(requestsOf("throttled")));
    expect(run.code).toBe(0);
  });

  test("refused, and results that are bad or never come: red, each told why", async () => {
    const run = await up("6s", "refused");

    // What the device has to report may come after the run's time on a busy machine: then the next
    // run tells it.
    const refused = requestsOf("refused").filter(({ expected }) => expected.keeps !== "intent accepted failed");
    expect(await standing(refused)).toEqual(firstOf(refused));
    expect(unsaid(run, refused)).toEqual([]);
    expect(run.code).not.toBe(0);
  });

  test("answers that are lost: what is safe to repeat is sent again, all else once", async () => {
    await up("4s", "lost");

    expect(postsIn(await standing(requestsOf("lost")))).toEqual(postsIn(firstOf(requestsOf("lost"))));
  });

  test("an escrow that breaks: nothing that destroys a code is sent", async () => {
    const escrow = path.join(project.folder, "escrow");
    const stop = emulator.on("request", async ({ kind }) => {
      if (kind !== "readCode") return;
      stop();
      await rename(escrow, `${escrow}-away`);
      await writeFile(escrow, "not a folder");
    });
    const run = await up("2s", "escrow");
    await rm(escrow);
    await rename(`${escrow}-away`, escrow);

    const stopped = requestsOf("escrow").filter(({ expected }) => expected.up === "broken");
    expect(postsIn(await standing(stopped))).toEqual(stopped.map(() => 0));
    expect(run.text).toMatch(/the escrow folder .* is not a folder/);
    expect(run.code).not.toBe(0);
  });

  test("once it is whole, what it stopped is done; what was lost is left to a person, and no code was told or kept", async () => {
    const codes = emulator.devices().flatMap(({ bypassCode }) => bypassCode ?? []);
    const run = await up("20s");

    for (const className of CLASSES) expect(await standing(requestsOf(className))).toEqual(laterOf(requestsOf(className)));
    expect(unsaid(run, requestsOf("lost"))).toEqual([]);
    expect(run.code).not.toBe(0);
    expect(codes).not.toEqual([]);
    expect(leaksIn(run.text, codes)).toEqual([]);
    expect(await filesWith(project.folder, codes)).toEqual([]);
  });
});

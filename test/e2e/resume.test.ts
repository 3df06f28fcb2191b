import { rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject, type PulumiRun } from "../support/pulumi-project.ts";

const NAMES = ["unreported", "unanswered", "unescrowed", "refused"] as const;
type Name = (typeof NAMES)[number];

const serialOf = (name: Name) => `DMP${name.toUpperCase()}`;
const request = (name: Name) => `  - name: ${name}
    device: { serialNumber: ${serialOf(name)} }
    playbook: unlock-and-wipe
    reason: Leaver returned the iPad
    expires: 2099-12-31
    acknowledge: [dataLoss, physicalPossession]
`;

/** One story, told in order. All requests go wrong in the first run, each in its own way. */
describe("requests that a run left unfinished", () => {
  let emulator: Emulator;
  let project: PulumiProject;
  let first: PulumiRun;

  beforeAll(async () => {
    const devices = NAMES.map((name) => ({ serialNumber: serialOf(name), operatingSystem: "iPadOS", isSupervised: true }));
    emulator = await startEmulator({ devices, checkInDelayMs: 100 });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "6s" });
    await project.write("requests/a.yaml", `requests:\n${NAMES.map(request).join("")}`);

    emulator.setFault({ device: serialOf("unreported"), call: "wipe", effect: { kind: "result", state: "never" } });
    emulator.setFault({ device: serialOf("unanswered"), call: "wipe", effect: { kind: "result", state: "never" } });
    emulator.setFault({ device: serialOf("unanswered"), call: "wipe", effect: { kind: "reset", applied: false } });
    emulator.setFault({ device: serialOf("refused"), call: "wipe", effect: { kind: "status", status: 403 } });
    const mend = breakEscrow();
    first = await project.npmRun("up", ["--yes", "--skip-preview"]);
    await mend();
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  /** Under one request, once the others need the escrow no more. */
  function breakEscrow(): () => Promise<void> {
    const escrow = path.join(project.folder, "escrow");
    const others = new Set(NAMES.filter((name) => name !== "unescrowed").map(serialOf));
    const { promise: othersWiped, resolve } = Promise.withResolvers<void>();
    const stop = emulator.on("request", async ({ action, serialNumber }) => {
      if (action === "wipe" && others.delete(serialNumber ?? "") && others.size === 0) resolve();
      if (action !== "bypassActivationLock" || serialNumber !== serialOf("unescrowed")) return;
      await othersWiped;
      // The next code is another one, and there is no folder to take it.
      emulator.rotateCode(serialOf("unescrowed"));
      await rename(escrow, `${escrow}-away`);
      await writeFile(escrow, "not a folder");
    });
    return async () => {
      stop();
      await rm(escrow);
      await rename(`${escrow}-away`, escrow);
    };
  }

  const outcomes = async () => Object.fromEntries([...(await project.resources())].map(([name, { outputs }]) => [name, outputs.outcome]));
  const sentTo = (name: Name) =>
    emulator.actionCalls.filter(({ serialNumber }) => serialNumber === serialOf(name)).map(({ action }) => action);

  test("are told, and the run is red", () => {
    expect(first.code).toBe(3);
    expect(first.text).toContain("pending  unreported");
    expect(first.text).toContain(`./dlr settle ${project.stack} unanswered --taken`);
    expect(first.text).toMatch(/escrow/);
    expect(first.text).toContain("failed  refused");
  });

  test("are in state as they stand, the one that broke half-way with what was done", async () => {
    const resources = await project.resources();

    expect(await outcomes()).toEqual({ unreported: "pending", unanswered: "ambiguous", unescrowed: "pending", refused: "failed" });
    expect(resources.get("unescrowed")?.outputs.steps.map(({ action, status }) => [action, status])).toEqual([
      ["escrowBypassCode", "done"],
      ["bypassActivationLock", expect.stringMatching(/sent|done/)],
      ["wipe", "waiting"],
    ]);
  });

  test("go on in the next run, which sends only what was not sent or was settled, and tells the refusal as a warning", async () => {
    emulator.clearFaults();
    emulator.remove(serialOf("unreported"));
    const settlement = ["unanswered", "--not-taken", "--why", "the iPad was in my hand", "--yes"];
    const settled = await project.command("settle", [...settlement, "--ledger", `file:${path.join(project.folder, "ledger")}`]);
    const second = await project.up();

    expect(settled).toMatchObject({ code: 0 });
    expect(second).toMatchObject({ code: 0, text: expect.stringContaining("failed:") });
    expect(await outcomes()).toEqual({ unreported: "succeeded", unanswered: "succeeded", unescrowed: "succeeded", refused: "failed" });
    expect(sentTo("unreported")).toEqual(["bypassActivationLock", "wipe"]);
    expect(sentTo("unanswered")).toEqual(["bypassActivationLock", "wipe", "wipe"]);
    expect(sentTo("unescrowed")).toEqual(["bypassActivationLock", "wipe"]);
    expect(sentTo("refused")).toEqual(["bypassActivationLock", "wipe"]);
  });

  test("are known by the ledger when the state is lost", async () => {
    const before = await outcomes();
    await rm(path.join(project.folder, "state"), { recursive: true });
    await project.initStack();
    const calls = emulator.requests.length;
    const up = await project.up();

    expect(up).toMatchObject({ code: 0 });
    expect(await outcomes()).toEqual(before);
    expect(emulator.requests.length).toBe(calls);
  });
});

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";

const PINS = { LEEDSMAC01: "271828", LEEDSMAC02: "314159" } as const;

const request = (name: string, serial: keyof typeof PINS, steps: string) => `  - name: ${name}
    device: { serialNumber: ${serial} }
    steps: [${steps}]
    reason: Left in a train
`;

/**
 * One story, told in order: each Mac forgets its PIN with the next action that is sent to it, as
 * Intune does.
 */
describe("the PIN of a locked Mac", () => {
  let emulator: Emulator;
  let project: PulumiProject;

  beforeAll(async () => {
    const mac = { operatingSystem: "macOS", model: "MacBook Air", isSupervised: true };
    const devices = Object.entries(PINS).map(([serialNumber, unlockPin]) => ({ ...mac, serialNumber, "x-emulator": { unlockPin } }));
    emulator = await startEmulator({ devices, checkInDelayMs: 3_000 });
    project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "1s" });
    await project.write(
      "requests/a.yaml",
      `requests:\n${request("lock-and-sync", "LEEDSMAC01", "remoteLock, syncDevice")}${request("lock", "LEEDSMAC02", "remoteLock")}`,
    );
  });

  afterAll(async () => {
    await project?.remove();
    await emulator?.close();
  });

  const sent = () => emulator.actionCalls.map(({ action, serialNumber }) => `${action} ${serialNumber}`);
  const outcomes = async () => Object.fromEntries([...(await project.resources())].map(([name, { outputs }]) => [name, outputs.outcome]));

  test("that did not report yet holds the next step, and says so", async () => {
    const { code, text } = await project.up();

    expect(code).toBe(0);
    expect(text).toContain(`./dlr settle ${project.stack} lock-and-sync --taken (or --not-taken) --why TEXT`);
    expect(sent().toSorted()).toEqual(["remoteLock LEEDSMAC01", "remoteLock LEEDSMAC02"]);
  });

  test("holds another request for the same Mac, in the preview too", async () => {
    const before = await project.read("requests/a.yaml");
    await project.write("requests/a.yaml", `${before}${request("sync", "LEEDSMAC02", "syncDevice")}`);

    const { text } = await project.preview("--target", "**sync");

    expect(text).toContain("held: remoteLock of request lock, generation 1");
    expect(text).toContain(`./dlr settle ${project.stack} lock --generation 1 --taken (or --not-taken) --why TEXT`);
  });

  test("is in escrow before anything else goes to the Mac", async () => {
    await project.configure({ graphEndpoint: emulator.url, wait: "10s" });

    for (let run = 0; run < 2; run++) expect((await project.up()).code).toBe(0);

    expect(await outcomes()).toEqual({ "lock-and-sync": "succeeded", lock: "succeeded", sync: "succeeded" });
    expect(sent().slice(2).toSorted()).toEqual(["syncDevice LEEDSMAC01", "syncDevice LEEDSMAC02"]);
    const details = [...(await project.resources()).values()].flatMap(({ outputs }) => outputs.steps.map(({ detail }) => detail));
    const references = [...details.join("\n").matchAll(/unlockPin escrowed as (file:\S+\.age)/g)].map((match) => match[1] ?? "");
    const revealed = await Promise.all(references.map((reference) => project.command("reveal", [reference])));
    const pins = Object.values(PINS).filter((pin) => revealed.some(({ text }) => text.includes(pin)));
    expect(pins).toEqual(Object.values(PINS));
  });
});

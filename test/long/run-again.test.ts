import { afterEach, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";

let emulator: Emulator;
let project: PulumiProject;

afterEach(async () => {
  await project?.remove();
  await emulator?.close();
});

const wipe = (name: string) =>
  `  - name: ${name}\n    device: { serialNumber: ${name.toUpperCase()} }\n    reason: Returned\n    steps: [wipe]\n    expires: 2099-12-31\n    acknowledge: [dataLoss]\n`;

/** The Kubernetes operator does this, with and without a refresh; so may a person. */
test.each([
  ["", []],
  [", each with a refresh first", ["--refresh"]],
])("by somebody who starts a red run again and again%s nothing is sent twice", async (_, more) => {
  const phone = (serialNumber: string, own = {}) => ({ serialNumber, operatingSystem: "Android", osVersion: "15", ...own });
  emulator = await startEmulator({
    checkInDelayMs: 50,
    devices: [phone("DONE"), phone("DOUBT"), phone("BROKEN", { "x-emulator": { results: { wipe: "failed" } } })],
  });
  // The answer is lost, and no result ever tells whether the call was taken.
  emulator.setFault({ call: "wipe", device: "DOUBT", nth: 1, effect: { kind: "reset", applied: false } });
  project = await PulumiProject.create({ graphEndpoint: emulator.url, wait: "3s" });
  await project.write("requests/a.yaml", `requests:\n${wipe("done")}${wipe("doubt")}${wipe("broken")}`);

  const codes: number[] = [];
  for (let run = 0; run < 5; run += 1) codes.push((await project.run(["up", "--yes", "--skip-preview", ...more])).code);

  expect(codes[0]).not.toBe(0);
  // The doubt stays red until a person has settled it.
  expect(codes.slice(1).every((code) => code !== 0)).toBe(true);
  expect(emulator.actionCalls.map(({ serialNumber }) => `${serialNumber}`).toSorted()).toEqual(["BROKEN", "DONE", "DOUBT"]);
  expect((await project.stackOutputs()).requests).toMatchObject({ done: "succeeded", doubt: "ambiguous", broken: "failed" });
});

import { expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/start-emulator.ts";
import { isObject } from "../../providers/domain/json.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { filesWith, leaksIn } from "../support/secrets.ts";
import { throughPrism } from "../support/through-prism.ts";

const prism = throughPrism();

const ANDROID = "R58XK2DROID1";
const MAC = "C02XK2MACBK1";
const REQUESTS = `requests:
  - name: forgotten-passcode
    device: { serialNumber: ${ANDROID} }
    playbook: reset-passcode
    reason: The user forgot it
  - name: lost-mac
    device: { serialNumber: ${MAC} }
    steps: [escrowBypassCode, remoteLock, { waitFor: done }, wipe]
    reason: Left in a train
    expires: 2099-12-31
    acknowledge: [dataLoss]
`;

test("every secret that Graph hands back or needs goes to escrow and nowhere else", async () => {
  const emulator = await startEmulator({ checkInDelayMs: 200 });
  const project = await PulumiProject.create({ graphEndpoint: prism.endpointOf(emulator), wait: "30s" });
  try {
    const bypassCode = emulator.device(MAC).bypassCode ?? "";
    await project.write("requests/a.yaml", REQUESTS);
    const up = await project.up("--logtostderr", "-v=9");
    const secrets = [bypassCode, resultSecret(emulator, ANDROID), resultSecret(emulator, MAC), wipePin(emulator)];
    const resources = await project.resources();
    const details = [...resources.values()].flatMap(({ outputs }) => outputs.steps.map((step) => step.detail)).join("\n");
    const revealed = await Promise.all(referencesIn(details).map((reference) => project.command("reveal", [reference])));

    expect(up.code).toBe(0);
    expect(secrets.every((secret) => secret.length >= 6)).toBe(true);
    expect(secrets.flatMap((secret) => leaksIn(withoutTimes(up.text), [secret]))).toEqual([]);
    expect(await filesWith(project.folder, secrets)).toEqual([]);
    expect(resources.get("lost-mac")?.outputs.bypassCode?.reference).toMatch(/^file:/);
    expect(revealed.map(({ text }) => secrets.slice(1).filter((secret) => text.includes(secret)).length)).toEqual([1, 1, 1]);
  } finally {
    await project.remove();
    await emulator.close();
  }
});

/** The engine's log lines begin with a time of day with six decimals, which one day is a PIN. */
function withoutTimes(text: string): string {
  return text.replaceAll(/\d\d:\d\d:\d\d\.\d+/g, "");
}

/** The passcode or PIN in the device's own results. */
function resultSecret(emulator: Emulator, serial: string): string {
  const texts = emulator.device(serial).results.flatMap((result) => [result.passcode, result.unlockPin]);
  return textOf(texts.find((text) => typeof text === "string"));
}

function wipePin(emulator: Emulator): string {
  const wipe = emulator.actionCalls.find((call) => call.action === "wipe");
  return isObject(wipe?.body) ? textOf(wipe.body.macOsUnlockCode) : "";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(/escrowed as (file:\S+\.age)/g)].map((match) => match[1] ?? "");
}

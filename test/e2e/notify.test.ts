import { stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { startEmulator } from "../../emulator/graph/start-emulator.ts";
import { SpawnedCommand } from "../cli/spawned-command.ts";
import { startReceiver } from "../notify/receiver.ts";
import { newcomer, projectCopy } from "../support/project-copy.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const IPAD = "DMPXK2GHJKLM";
const REQUESTS = `requests:
  - name: keep-code
    device: { serialNumber: ${IPAD} }
    playbook: escrow-bypass-code
    reason: Before the summer refresh
    ticket: INC-4711
`;

/** One story, told in order. */
test("what a run did is told once, with drift and the brake, and never with a code", async () => {
  const [emulator, webhook, slack] = await Promise.all([startEmulator({ checkInDelayMs: 100 }), startReceiver(), startReceiver(410, 410)]);
  const code = emulator.device(IPAD).bypassCode ?? "";
  const clone = await projectCopy();
  const env = newcomer(await temporaryFolder());
  const told = { DLR_NOTIFY_WEBHOOK: `${webhook.url}/hook`, DLR_NOTIFY_WEBHOOK_SECRET: SECRET };
  const run = path.join(clone, "run.json");
  const dlr = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    new SpawnedCommand(args[0] ?? "", args.slice(1), { ...env, ...more }, { cwd: clone, root: clone }).ended;
  const notified = async (more: Readonly<Record<string, string>> = {}) => {
    const before = webhook.received.length;
    const ended = await dlr(["notify", "--run", run], { ...told, ...more });
    return { ended, events: webhook.received.slice(before).map(({ body }) => JSON.parse(body) as Readonly<Record<string, unknown>>) };
  };
  try {
    await writeFile(path.join(clone, "devices/requests/a.yaml"), REQUESTS);
    await dlr(["init", "work", "--escrow", "file:escrow", "--ledger", "file:ledger", "--graph-endpoint", emulator.url]);
    const up = await dlr(["up", "work", "--yes", "--save-run", run]);
    const first = await notified({ DLR_NOTIFY_SLACK: `${slack.url}/services/part-of-the-address` });
    await dlr(["up", "work", "--yes", "--save-run", run]);
    const second = await notified();
    emulator.rotateCode(IPAD);
    const followed = await dlr(["up", "work", "--yes", "--skip-preview", "--refresh", "--save-run", run]);
    const third = await notified();
    const stopped = await dlr(["stop", "work", "a stolen list"], told);
    await writeFile(path.join(clone, "devices/requests/a.yaml"), `${REQUESTS}    playbook: retyre\n`);
    const refused = await dlr(["up", "work", "--yes", "--save-run", run]);
    const fourth = await notified();
    const mode = (await stat(run)).mode & 0o777;

    expect([up.code, followed.code]).toEqual([0, 0]);
    expect(first.events).toMatchObject([
      {
        type: "device-lifecycle.outcome",
        subject: "keep-code",
        source: "/device-lifecycle/work",
        data: { outcome: "succeeded", ticket: "INC-4711", device: { serialNumber: IPAD } },
      },
    ]);
    expect(first.ended).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^NOT TOLD: slack at 127\.0\.0\.1:\d+: not told: answered 410$/m),
    });
    expect(second).toMatchObject({ events: [], ended: { code: 0 } });
    expect(third.events).toMatchObject([{ type: "device-lifecycle.drift", data: { finding: "BypassCodeChanged", state: "new" } }]);
    expect(stopped).toMatchObject({ code: 0, stderr: expect.stringContaining("webhook at 127.0.0.1") });
    expect(JSON.parse(webhook.received.at(-2)?.body ?? "{}")).toMatchObject({
      type: "device-lifecycle.brake",
      data: { state: "set", reason: "a stolen list" },
    });
    expect(refused.code).toBe(1);
    expect(fourth.events).toMatchObject([{ type: "device-lifecycle.run", data: { exitCode: 1 } }]);
    expect(mode).toBe(0o600);
    for (const { body, headers } of webhook.received) {
      expect(() => new Webhook(SECRET).verify(body, headers as Record<string, string>)).not.toThrow();
      expect(code.length).toBeGreaterThan(10);
      expect(body).not.toContain(code);
    }
    expect(JSON.stringify([first.ended, second.ended, third.ended, stopped])).not.toContain("part-of-the-address");
  } finally {
    await Promise.all([emulator.close(), webhook.close(), slack.close()]);
  }
});

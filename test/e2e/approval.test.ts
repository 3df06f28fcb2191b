import { expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "../../emulator/graph/start-emulator.ts";
import { withoutLooksAgain } from "../support/looks-again.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { throughPrism } from "../support/through-prism.ts";

const prism = throughPrism();

const APPROVED = "DMPXK2ABCDEF";
const REJECTED = "DMPXK2GHJKLM";
const LAPSED = "F17XK2PHONE1";
const OCCUPIED = "R58XK2DROID1";
const request = (name: string, serial: string) => `  - name: ${name}
    device: { serialNumber: ${serial} }
    steps: [escrowBypassCode, wipe]
    reason: Leaver returned the iPad
    ticket: INC-4711
    expires: 2099-12-31
    acknowledge: [dataLoss]
`;

test("a wipe that another administrator has to approve is sent again only once approved, after a fresh read of the code", async () => {
  const emulator = await startEmulator({ checkInDelayMs: 100, approvals: {} });
  const project = await PulumiProject.create({ graphEndpoint: prism.endpointOf(emulator), wait: "20s" });
  const outcomes = async () => (await project.stackOutputs()).requests;
  try {
    await project.write(
      "requests/a.yaml",
      `requests:\n${request("approved", APPROVED)}${request("rejected", REJECTED)}${request("lapsed", LAPSED)}${request("occupied", OCCUPIED)}`,
    );

    await askElsewhere(emulator, OCCUPIED);

    const asked = await project.up();
    const afterAsking = await outcomes();
    const waiting = await project.up();
    const sentWhileWaiting = emulator.actionCalls.map((call) => call.serialNumber);
    const [first, second, third, fourth] = [APPROVED, REJECTED, LAPSED, OCCUPIED].map((serial) =>
      emulator.approvals.find(({ deviceId }) => deviceId === emulator.device(serial).id),
    );
    emulator.decideApproval(first?.id ?? "", "approve");
    emulator.decideApproval(second?.id ?? "", "reject", "not this one");
    emulator.decideApproval(third?.id ?? "", "lapse");
    emulator.decideApproval(fourth?.id ?? "", "reject");
    const before = emulator.requests.length;
    const decided = await project.npmRun("up", ["--yes", "--skip-preview"]);

    expect([asked.code, waiting.code]).toEqual([0, 0]);
    expect(asked.text).toContain("awaitingApproval:");
    expect(first?.justification).toContain("Leaver returned the iPad · INC-4711 · approved");
    expect(afterAsking).toEqual({
      approved: "awaitingApproval",
      rejected: "awaitingApproval",
      lapsed: "awaitingApproval",
      occupied: "pending",
    });
    expect(asked.text).toContain("another administrator was asked for the same action on this device already");
    expect(callsFor([APPROVED, REJECTED, LAPSED], sentWhileWaiting)).toEqual([1, 1, 1]);
    expect(await outcomes()).toEqual({ approved: "succeeded", rejected: "failed", lapsed: "failed", occupied: "awaitingApproval" });
    expect(decided.text).toContain("lapsed before anybody approved it");
    expect(decided.code).toBe(4);
    expect(decided.text).toContain("another administrator rejected it: not this one");
    const wire = emulator.requests
      .slice(before)
      .filter((call) => (call.kind === "readCode" || call.kind === "action") && call.serialNumber !== OCCUPIED);
    expect(withoutLooksAgain(wire).map((call) => [call.kind, call.serialNumber])).toEqual([
      ["readCode", APPROVED],
      ["action", APPROVED],
    ]);
    expect([APPROVED, REJECTED, LAPSED, OCCUPIED].map((serial) => emulator.device(serial).erased)).toEqual([1, 0, 0, 0]);
  } finally {
    await project.remove();
    await emulator.close();
  }
});

/**
 * A wipe that an administrator began in the portal: Graph asks for approval, and the question is
 * open from then on.
 */
async function askElsewhere(emulator: Emulator, serial: string): Promise<void> {
  const headers = { authorization: "Bearer emulator", "x-msft-approval-justification": Buffer.from("From the portal").toString("base64") };
  const url = `${emulator.url}/v1.0/deviceManagement/managedDevices/${emulator.device(serial).id}/wipe`;
  expect((await fetch(url, { method: "POST", headers })).status).toBe(403);
}

function callsFor(serials: readonly string[], calls: readonly (string | null)[]): number[] {
  return serials.map((serial) => calls.filter((call) => call === serial).length);
}

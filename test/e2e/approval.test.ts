import { expect, test } from "@jest/globals";
import { startEmulator } from "../../emulator/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { throughPrism } from "../support/through-prism.ts";

const prism = throughPrism();

const APPROVED = "DMPXK2ABCDEF";
const REJECTED = "DMPXK2GHJKLM";
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
    await project.write("requests/a.yaml", `requests:\n${request("approved", APPROVED)}${request("rejected", REJECTED)}`);

    const asked = await project.up();
    const afterAsking = await outcomes();
    const waiting = await project.up();
    const sentWhileWaiting = emulator.actionCalls.length;
    const [first, second] = [APPROVED, REJECTED].map((serial) =>
      emulator.approvals.find(({ deviceId }) => deviceId === emulator.device(serial).id),
    );
    emulator.decideApproval(first?.id ?? "", "approve");
    emulator.decideApproval(second?.id ?? "", "reject", "not this one");
    const before = emulator.requests.length;
    const decided = await project.up();

    expect([asked.code, waiting.code]).toEqual([0, 0]);
    expect(asked.text).toContain("awaitingApproval:");
    expect(first?.justification).toContain("Leaver returned the iPad · INC-4711 · approved");
    expect(afterAsking).toEqual({ approved: "awaitingApproval", rejected: "awaitingApproval" });
    expect(sentWhileWaiting).toBe(2);
    expect(await outcomes()).toEqual({ approved: "succeeded", rejected: "failed" });
    expect(decided.code).not.toBe(0);
    expect(decided.text).toContain("another administrator rejected it: not this one");
    const wire = emulator.requests.slice(before).filter((call) => call.kind === "readCode" || call.kind === "action");
    expect(wire.map((call) => [call.kind, call.serialNumber])).toEqual([
      ["readCode", APPROVED],
      ["action", APPROVED],
    ]);
    expect([emulator.device(APPROVED).erased, emulator.device(REJECTED).erased]).toEqual([1, 0]);
  } finally {
    await project.remove();
    await emulator.close();
  }
});

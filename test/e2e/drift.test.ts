import { expect, test } from "@jest/globals";
import { startEmulator } from "../../emulator/graph/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { throughPrism } from "../support/through-prism.ts";

const prism = throughPrism();

const IPAD = "DMPXK2GHJKLM";
const REQUEST = `requests:
  - name: keep-code
    device: { serialNumber: ${IPAD} }
    playbook: escrow-bypass-code
    reason: Before the summer refresh
`;

test("refresh finds a new bypass code, preview tells it, and onDrift: repeat escrows it once", async () => {
  const emulator = await startEmulator({ checkInDelayMs: 100 });
  const project = await PulumiProject.create({ graphEndpoint: prism.endpointOf(emulator), wait: "10s" });
  const bypassCode = async () => (await project.resources()).get("keep-code")?.outputs.bypassCode;
  try {
    await project.write("requests/a.yaml", REQUEST);
    await project.up();
    const first = await bypassCode();
    emulator.rotateCode(IPAD);

    const refresh = await project.run(["refresh", "--yes", "--skip-preview"]);
    const reported = await project.preview();
    await project.write("requests/a.yaml", `${REQUEST}    onDrift: repeat\n`);
    const repeated = await project.npmRun("up", ["--yes"]);
    const second = await bypassCode();
    const calls = emulator.requests.length;
    const again = await project.up();

    expect(refresh.code).toBe(0);
    expect(reported).toMatchObject({
      code: 0,
      text: expect.stringContaining("drifted: the device has another Activation Lock bypass code"),
    });
    expect(reported.text).toContain("2 unchanged");
    expect(repeated).toMatchObject({ code: 0, text: expect.stringMatching(/: reads 1 · [\s\S]*A {2}1 × escrows the bypass code\n/) });
    expect(second?.reference).not.toBe(first?.reference);
    expect(second?.fingerprint).not.toBe(first?.fingerprint);
    expect(again.text).toContain("2 unchanged");
    expect(emulator.requests.length).toBe(calls);
  } finally {
    await project.remove();
    await emulator.close();
  }
});

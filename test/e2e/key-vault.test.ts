import path from "node:path";
import { expect, test } from "@jest/globals";
import { startKeyVault } from "../../emulator/key-vault.ts";
import { startEmulator } from "../../emulator/start-emulator.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { filesWith, leaksIn } from "../support/secrets.ts";
import { throughPrism } from "../support/through-prism.ts";

const prism = throughPrism();

const IPAD = "DMPXK2GHJKLM";
const REQUEST = `requests:
  - name: keep-code
    device: { serialNumber: ${IPAD} }
    playbook: escrow-bypass-code
    reason: Before the summer refresh
`;

test("a Key Vault takes the code, and state its versioned reference", async () => {
  const vault = await startKeyVault({});
  const emulator = await startEmulator({});
  const project = await PulumiProject.create({ graphEndpoint: prism.endpointOf(emulator), escrow: vault.url, wait: "10s" });
  try {
    const code = emulator.device(IPAD).bypassCode ?? "";
    await project.write("requests/a.yaml", REQUEST);
    await project.write("ca.pem", vault.caCertificate);
    const up = await project.run(["up", "--yes", "--skip-preview"], { NODE_EXTRA_CA_CERTS: path.join(project.folder, "ca.pem") });
    const reference = (await project.resources()).get("keep-code")?.outputs.bypassCode?.reference ?? "";

    expect(up).toMatchObject({ code: 0 });
    expect(reference).toMatch(/^https:\/\/.+\/secrets\/.+\/.+$/);
    expect(vault.requests.some((request) => request.method === "PUT")).toBe(true);
    expect(leaksIn(up.text, [code])).toEqual([]);
    expect(await filesWith(project.folder, [code])).toEqual([]);
  } finally {
    await project.remove();
    await emulator.close();
    await vault.close();
  }
});

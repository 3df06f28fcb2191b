import { randomBytes } from "node:crypto";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { startEntra } from "../../emulator/entra/entra.ts";
import { startEmulator } from "../../emulator/graph/start-emulator.ts";
import { authorityOf } from "../../providers/identity/authority.ts";
import { writeLogin } from "../../providers/identity/login-file.ts";
import { loginPlace } from "../../providers/identity/login-place.ts";
import { signInByCode } from "../../providers/identity/person-sign-in.ts";
import { jwt } from "../graph/graph-fixture.ts";
import { PulumiProject } from "../support/pulumi-project.ts";
import { filesWith, leaksIn } from "../support/secrets.ts";
import { testClock } from "../support/test-clock.ts";
import { throughPrism } from "../support/through-prism.ts";
import { trustCertificates } from "../support/trust-certificates.ts";

const prism = throughPrism();

const READ = "DeviceManagementManagedDevices.Read.All";
const PRIVILEGED = "DeviceManagementManagedDevices.PrivilegedOperations.All";
const IPAD = "DMPXK2GHJKLM";
const REQUEST = `requests:
  - name: unlock-one
    device: { serialNumber: ${IPAD} }
    playbook: unlock
    reason: Leaver returned the iPad
    acknowledge: [physicalPossession]
`;
const CLIENT = "bbbbbbbb-0000-4000-8000-000000000002";

test("an application that may not waits for a person; the person signs in once, and the next up goes on", async () => {
  const [entra, emulator] = await Promise.all([
    startEntra({ applications: [{ clientId: CLIENT, isPublic: true, scopes: [READ, PRIVILEGED] }] }),
    startEmulator({ checkInDelayMs: 100 }),
  ]);
  const distrust = trustCertificates(entra.caCertificate);
  const project = await PulumiProject.create({ graphEndpoint: prism.endpointOf(emulator), wait: "10s" });
  try {
    await project.write("requests/a.yaml", REQUEST);
    await project.write("ca.pem", entra.caCertificate);
    const login = path.join(project.folder, "login");
    const application = jwt({ aud: "https://graph.microsoft.com", tid: entra.tenantId, roles: [READ] });
    const env = {
      GRAPH_ACCESS_TOKEN: application,
      AZURE_AUTHORITY_HOST: entra.url,
      DEVICE_LIFECYCLE_LOGIN: login,
      NODE_EXTRA_CA_CERTS: path.join(project.folder, "ca.pem"),
    };

    const preview = await project.run(["preview", "--diff"], env);
    const waiting = await project.run(["up", "--yes", "--skip-preview"], env);
    const before = (await project.resources()).get("unlock-one")?.outputs;
    const postsBefore = emulator.actionCalls.length;
    await keepSignIn(entra.url, entra.tenantId, login, (code) => entra.answerCode(code, "entered"));
    const done = await project.run(["up", "--yes", "--skip-preview"], env);
    const after = (await project.resources()).get("unlock-one")?.outputs;

    expect(preview).toMatchObject({ code: 0, text: expect.stringContaining(`bypassActivationLock: no token at hand has ${PRIVILEGED}`) });
    expect(waiting).toMatchObject({
      code: 0,
      text: expect.stringMatching(/warning: awaitingSignIn: bypassActivationLock needs .*; sign in with: .\/dlr login/),
    });
    expect(before).toMatchObject({ outcome: "awaitingSignIn", bypassCode: null });
    expect(postsBefore).toBe(0);
    expect(done).toMatchObject({ code: 0, text: expect.not.stringContaining("warning:") });
    expect(after).toMatchObject({ outcome: "succeeded" });
    expect(emulator.actionCalls.map(({ action, status }) => [action, status])).toEqual([["bypassActivationLock", 204]]);
    expect(entra.requests.filter(({ grantType }) => grantType === "refresh_token")).toHaveLength(1);
    const secrets = [application, ...entra.issued()];
    expect(leaksIn(preview.text + waiting.text + done.text, secrets)).toEqual([]);
    expect(await filesWith(project.folder, secrets)).toEqual([]);
  } finally {
    distrust();
    await project.remove();
    await Promise.all([emulator.close(), entra.close()]);
  }
});

/** What `dlr login` leaves on the machine. */
async function keepSignIn(authority: string, tenant: string, folder: string, enter: (code: string) => void): Promise<void> {
  const client = { authority: authorityOf({ AZURE_AUTHORITY_HOST: authority }, "global"), tenant, clientId: CLIENT };
  const { username, tenantId, cache } = await signInByCode(client, { clock: testClock() }, ({ userCode }) => enter(userCode));
  const binding = { authority, tenant, tenantId, clientId: CLIENT };
  const login = { binding, username, signedInAt: new Date().toISOString(), cache };
  await writeLogin(loginPlace({ DEVICE_LIFECYCLE_LOGIN: folder }), login, randomBytes, true);
}

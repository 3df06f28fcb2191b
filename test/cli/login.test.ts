import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { LoginFlags } from "../../cli/login/flags.ts";
import { signIn } from "../../cli/login/sign-in.ts";
import { type Entra, startEntra } from "../../emulator/entra/entra.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { loginPlace } from "../../providers/identity/login-place.ts";
import { leaksIn } from "../support/secrets.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Ended, SpawnedCommand } from "./spawned-command.ts";

const READ = "DeviceManagementManagedDevices.Read.All";
const PRIVILEGED = "DeviceManagementManagedDevices.PrivilegedOperations.All";
const APPLICATION = "bbbbbbbb-0000-4000-8000-000000000002";
const READER = "bbbbbbbb-0000-4000-8000-000000000003";

let entra: Entra;
let certificate: string;

beforeAll(async () => {
  const applications = [
    { clientId: APPLICATION, isPublic: true, scopes: [READ, PRIVILEGED] },
    { clientId: READER, isPublic: true, scopes: [READ] },
  ];
  entra = await startEntra({ applications });
  certificate = path.join(await temporaryFolder(), "ca.pem");
  await writeFile(certificate, entra.caCertificate);
});

afterAll(() => entra.close());

function start(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): SpawnedCommand {
  const own = { DEVICE_LIFECYCLE_LOGIN: folder, AZURE_AUTHORITY_HOST: entra.url, NODE_EXTRA_CA_CERTS: certificate };
  return new SpawnedCommand("login", args, { PATH: process.env.PATH ?? "", ...own, ...env });
}

async function signInAt(folder: string, clientId = APPLICATION): Promise<Ended> {
  const command = start(folder, ["--tenant", entra.tenantId], { AZURE_CLIENT_ID: clientId });
  await command.printed("enter the code");
  for (const code of entra.pendingCodes()) entra.answerCode(code, "entered");
  return command.ended;
}

describe("./dlr login", () => {
  test("signs in with a code, tells who it is and whether it works, and forgets it", async () => {
    const folder = await temporaryFolder();

    const signedIn = await signInAt(folder);
    const status = await start(folder, ["--status"]).ended;
    entra.endSessions("lapsed");
    const lapsed = await start(folder, ["--status"]).ended;
    entra.endSessions(null);
    const out = await start(folder, ["--logout"]).ended;
    const [again, after] = await Promise.all([start(folder, ["--logout"]).ended, start(folder, ["--status"]).ended]);

    expect(signedIn).toMatchObject({
      code: 0,
      stdout: `signed in as anna@contoso.example, tenant ${entra.tenantId}\npermissions: ${READ}, ${PRIVILEGED}\n`,
    });
    expect(status).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^anna@contoso\.example signed in at .*it works; permissions: /s),
    });
    expect(lapsed).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/could not be renewed: AADSTS700082.*\n {2}help: \.\/dlr login/),
    });
    expect([out.code, again.code, after.code]).toEqual([0, 0, 3]);
    expect(again.stdout).toBe("nobody was signed in on this machine\n");
    expect(after.stderr).toContain("nobody is signed in on this machine");
    expect(await readdir(path.join(folder, "key"))).toEqual([]);
    expect([signedIn, status, lapsed, out].flatMap(({ stdout, stderr }) => leaksIn(stdout + stderr, entra.issued()))).toEqual([]);
  });

  test("warns when the person lacks what actions need", async () => {
    const { code, stdout } = await signInAt(await temporaryFolder(), READER);

    expect(code).toBe(0);
    expect(stdout).toContain(`WARNING: it lacks ${PRIVILEGED}`);
  });

  test("refuses two ways at once", async () => {
    const ended = await start(await temporaryFolder(), ["--status", "--logout"]).ended;

    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot be used with") });
  });

  test.each<readonly [string, LoginFlags, Readonly<Record<string, string>>, RegExp]>([
    ["in a build", { tenant: "t", clientId: "c" }, { CI: "true" }, /nobody signs in in CI/],
    ["without a tenant", { clientId: "c" }, {}, /which tenant\?/],
    ["without an application", { tenant: "t" }, {}, /through which application\?/],
    ["for any tenant", { tenant: "Organizations", clientId: "c" }, {}, /names no single tenant/],
    ["for a tenant that is an address", { tenant: "../x", clientId: "c" }, {}, /names no single tenant/],
    ["through an application that is an address", { tenant: "t", clientId: "../x" }, {}, /is not the id of an application/],
    [
      "at a stranger's login host",
      { tenant: "t", clientId: "c" },
      { AZURE_AUTHORITY_HOST: "https://evil.example" },
      /not the login host of the cloud/,
    ],
  ])("refuses %s", async (_name, flags, env, message) => {
    const place = loginPlace({ DEVICE_LIFECYCLE_LOGIN: await temporaryFolder() });

    const attempt = signIn(flags, place, env);

    await expect(attempt).rejects.toThrow(ConfigurationError);
    await expect(attempt).rejects.toThrow(message);
  });
});

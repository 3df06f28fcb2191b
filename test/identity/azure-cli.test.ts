import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { jwt } from "../graph/graph-fixture.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PRIVILEGED } from "./entra-fixture.ts";

const CREDENTIAL = pathToFileURL(path.resolve(import.meta.dirname, "../../providers/identity/credential.ts")).href;

/** The library starts `az` with the variables of its process, so it gets a process of its own. */
async function signInWith(az: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, "az"), `#!/bin/sh\n${az}\n`, { mode: 0o755 });
  const program = `
    const { createCredentialTokens } = await import("${CREDENTIAL}");
    const ask = createCredentialTokens({}, "global", { now: Date.now, sleep: async () => undefined });
    const print = (value) => console.log(JSON.stringify(value));
    await ask().then(({ token, claims }) => print({ token, roles: claims.roles }), ({ name, message, hint }) => print({ name, message, hint }));`;
  const env = { PATH: `${folder}${path.delimiter}${process.env.PATH ?? ""}` };
  return (await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], { env })).stdout;
}

test("where the library drops what the Azure CLI said, the command that shows it is named", async () => {
  const said = JSON.parse(
    await signInWith(
      `echo "AADSTS700024: Client assertion is not within its valid time range." >&2; echo "Please run: az login" >&2; exit 1`,
    ),
  );

  expect(said).toMatchObject({ name: "SignInError", hint: expect.stringContaining("az account get-access-token") });
});

test("the Azure CLI is asked for a token for Graph, and what it says instead is told without tokens", async () => {
  const token = jwt({ roles: [PRIVILEGED] });
  const answer = JSON.stringify({ accessToken: token, expires_on: 4_102_444_800, tokenType: "Bearer" });

  const [good, bad] = await Promise.all([
    signInWith(`echo "$@" | grep -q 'get-access-token.*--resource https://graph.microsoft.com' && echo '${answer}'`),
    signInWith(`echo "ERROR: broken ${token}" >&2; exit 1`),
  ]);

  expect(JSON.parse(good)).toEqual({ token: "<redacted>", roles: [PRIVILEGED] });
  expect(JSON.parse(bad)).toMatchObject({
    name: "SignInError",
    message: expect.stringContaining("the Azure CLI (no other credential"),
    hint: expect.stringContaining("az login"),
  });
  expect(good + bad).not.toContain(token);
});

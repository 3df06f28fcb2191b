import { execFile } from "node:child_process";
import { chmod, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import {
  allowedBeyond,
  comparePermissions,
  GRAPH_APPLICATION,
  grantedPermissions,
  neededPermissions,
  optionalLeft,
  permissionAddresses,
  renderGrantCommands,
} from "../../infrastructure/graph-permissions.ts";
import { findRemoteAction, REMOTE_ACTIONS, type RemoteAction } from "../../providers/domain/actions/action-table.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const READ = "DeviceManagementManagedDevices.Read.All";
const PRIVILEGED = "DeviceManagementManagedDevices.PrivilegedOperations.All";
const PRINCIPALS = { preview: "aaaaaaaa-2222-3333-4444-555555555555", up: "bbbbbbbb-2222-3333-4444-555555555555" };
const POLICIES = { write: "DeviceManagementConfiguration.ReadWrite.All", read: "DeviceManagementConfiguration.Read.All" };
const APPROVALS = "DeviceManagementRBAC.Read.All";
const AUDIT = "DeviceManagementApps.Read.All";
const GRAPH_ID = "cccccccc-2222-3333-4444-555555555555";

function actions(...names: readonly string[]): readonly RemoteAction[] {
  return names.map((name) => findRemoteAction(name)).filter((action) => action !== undefined);
}

describe("what is needed", () => {
  test("previews only read, whatever is done later", () => {
    const { identities } = neededPermissions(REMOTE_ACTIONS);

    expect(identities.preview.map(({ permission }) => permission)).toEqual([READ]);
  });

  test("up needs what the table says of its actions, and no more", () => {
    expect(neededPermissions(actions("wipe", "resetPasscode")).identities.up).toEqual([
      { permission: READ, why: "finding and reading devices" },
      { permission: PRIVILEGED, why: "wipe, resetPasscode" },
    ]);
    expect(neededPermissions([]).identities.up.map(({ permission }) => permission)).toEqual([READ]);
  });

  test("every permission of the table is needed for all actions, each once", () => {
    const { identities, people } = neededPermissions(REMOTE_ACTIONS);

    const named = [...identities.up, ...people].map(({ permission }) => permission);
    const expected = new Set(REMOTE_ACTIONS.map(({ permission }) => permission.application ?? permission.delegated));
    expect(new Set(named)).toEqual(expected.add(READ));
    expect(named).toHaveLength(new Set(named).size);
  });

  test("what no application may do is left to people", () => {
    const [wipe] = actions("wipe");
    if (wipe === undefined) throw new Error("wipe is in the table");
    const delegatedOnly = { ...wipe, name: "someAction", permission: { application: null, delegated: "Some.Permission" } };

    expect(neededPermissions([delegatedOnly])).toEqual({
      identities: { preview: [expect.objectContaining({ permission: READ })], up: [expect.objectContaining({ permission: READ })] },
      people: [{ permission: "Some.Permission", why: "someAction" }],
      optional: [APPROVALS, AUDIT, POLICIES.write, POLICIES.read].map((permission) => expect.objectContaining({ permission })),
    });
  });
});

test("what is optional is told as long as it is missing, and not where another permission does as well", () => {
  const left = (...granted: readonly string[]) => optionalLeft(neededPermissions([]), "up", granted).map(({ permission }) => permission);

  expect(left()).toEqual([APPROVALS, AUDIT, POLICIES.write]);
  expect(left(APPROVALS, POLICIES.write)).toEqual([AUDIT]);
  expect(left("DeviceManagementConfiguration.Read.All", AUDIT)).toEqual([POLICIES.write]);
  expect(optionalLeft(neededPermissions([]), "preview", [POLICIES.write]).map(({ permission }) => permission)).toEqual([POLICIES.read]);
  expect([allowedBeyond("up").includes(AUDIT), allowedBeyond("preview")]).toEqual([true, [POLICIES.read]]);
});

describe("the commands", () => {
  test("give each identity its permissions, in a real shell", async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, "az"), FAKE_AZ);
    await chmod(path.join(folder, "az"), 0o755);
    const script = renderGrantCommands(neededPermissions(actions("wipe")), PRINCIPALS, "global").join("\n");

    await promisify(execFile)("bash", ["-euc", script], { env: { PATH: `${folder}:${process.env.PATH}`, LOG: path.join(folder, "log") } });

    const posts = (await readFile(path.join(folder, "log"), "utf8")).trim().split("\n");
    expect(posts.map((line) => JSON.parse(line))).toEqual([
      { principalId: PRINCIPALS.preview, resourceId: GRAPH_ID, appRoleId: `id of ${READ}` },
      { principalId: PRINCIPALS.up, resourceId: GRAPH_ID, appRoleId: `id of ${READ}` },
      { principalId: PRINCIPALS.up, resourceId: GRAPH_ID, appRoleId: `id of ${PRIVILEGED}` },
    ]);
  });

  test("give what is optional only to whoever takes the # away", async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, "az"), FAKE_AZ);
    await chmod(path.join(folder, "az"), 0o755);
    const lines = renderGrantCommands(neededPermissions([]), PRINCIPALS, "global");
    const optional = lines
      .slice(lines.findIndex((line) => line.startsWith("# optional")))
      .filter((line) => !line.startsWith("# optional"))
      .map((line) => line.replace(/^# /, ""));
    const script = [lines[0], ...optional].join("\n");

    await promisify(execFile)("bash", ["-euc", script], { env: { PATH: `${folder}:${process.env.PATH}`, LOG: path.join(folder, "log") } });

    const posts = (await readFile(path.join(folder, "log"), "utf8")).trim().split("\n");
    expect(posts.map((line) => JSON.parse(line))).toEqual([
      { principalId: PRINCIPALS.up, resourceId: GRAPH_ID, appRoleId: `id of ${APPROVALS}` },
      { principalId: PRINCIPALS.up, resourceId: GRAPH_ID, appRoleId: `id of ${AUDIT}` },
      { principalId: PRINCIPALS.up, resourceId: GRAPH_ID, appRoleId: `id of ${POLICIES.write}` },
      { principalId: PRINCIPALS.preview, resourceId: GRAPH_ID, appRoleId: `id of ${POLICIES.read}` },
    ]);
  });

  test.each([
    ["usGovernment", "https://graph.microsoft.us/"],
    ["usGovernmentDod", "https://dod-graph.microsoft.us/"],
    ["china", "https://microsoftgraph.chinacloudapi.cn/"],
  ] as const)("ask Graph of cloud %s", (cloud, address) => {
    const commands = renderGrantCommands(neededPermissions([]), PRINCIPALS, cloud).filter((line) => !line.startsWith("#"));

    for (const command of commands) expect(command).toContain(`--url "${address}v1.0/`);
  });

  test("never hold an id that is none: it would be run by a shell", () => {
    const principals = { ...PRINCIPALS, up: '"; rm -rf /; "' };

    expect(() => renderGrantCommands(neededPermissions([]), principals, "global")).toThrow(ConfigurationError);
    expect(() => permissionAddresses(principals, "global")).toThrow(ConfigurationError);
  });
});

describe("the check", () => {
  const roles = {
    id: GRAPH_ID,
    appRoles: [
      { id: "r1", value: READ },
      { id: "r2", value: PRIVILEGED },
      { id: "r3", value: "Directory.ReadWrite.All" },
    ],
  };

  test("asks for Graph's roles and for what each identity was given", () => {
    expect(permissionAddresses(PRINCIPALS, "global")).toEqual({
      roles: `https://graph.microsoft.com/v1.0/servicePrincipals(appId='${GRAPH_APPLICATION}')?$select=id,appRoles`,
      given: {
        preview: `https://graph.microsoft.com/v1.0/servicePrincipals/${PRINCIPALS.preview}/appRoleAssignments`,
        up: `https://graph.microsoft.com/v1.0/servicePrincipals/${PRINCIPALS.up}/appRoleAssignments`,
      },
    });
  });

  test("tells what is missing, and what is more than needed", () => {
    const given = {
      value: [
        { resourceId: GRAPH_ID, appRoleId: "r1" },
        { resourceId: GRAPH_ID, appRoleId: "r3" },
        { resourceId: "another application", appRoleId: "r2" },
      ],
    };

    const { missing, beyond } = comparePermissions(neededPermissions(actions("wipe")).identities.up, grantedPermissions(roles, given));

    expect(missing).toEqual([{ permission: PRIVILEGED, why: "wipe" }]);
    expect(beyond).toEqual(["Directory.ReadWrite.All"]);
  });

  test("lets up read approvals, which it does not need, and nobody else", () => {
    const granted = [READ, APPROVALS, "DeviceManagementConfiguration.Read.All"];
    const { identities } = neededPermissions([]);

    expect(comparePermissions(identities.up, granted, allowedBeyond("up")).beyond).toEqual([]);
    expect(comparePermissions(identities.preview, granted, allowedBeyond("preview")).beyond).toEqual(granted.slice(1));
  });

  test.each([[null], [{}], [{ appRoles: 1 }], [[]]])("an answer of another form is an error and not a yes: %j", (answer) => {
    expect(() => grantedPermissions(answer, { value: [] })).toThrow(ConfigurationError);
    expect(() => grantedPermissions(roles, answer)).toThrow(ConfigurationError);
  });
});

/**
 * Azure CLI as far as the commands use it: answers what is asked, and keeps the body of what is
 * posted.
 */
const FAKE_AZ = `#!/usr/bin/env bash
set -eu
[ "$1" = rest ]
while [ $# -gt 1 ]; do
  case "$1" in
    --method) method="$2" ;;
    --url) url="$2" ;;
    --body) body="$2" ;;
    --query) query="$2" ;;
    --resource) [ "$2" = https://graph.microsoft.com ] ;;
  esac
  shift
done
base=https://graph.microsoft.com/v1.0/servicePrincipals
case "$method $url" in
  "get $base(appId='${GRAPH_APPLICATION}')?\\$select=id") echo ${GRAPH_ID} ;;
  "get $base/${GRAPH_ID}?\\$select=appRoles") echo "id of $(sed -n "s/^appRoles\\[?value=='\\([A-Za-z.]*\\)' && contains(allowedMemberTypes, 'Application')\\].id | \\[0\\]$/\\1/p" <<<"$query")" ;;
  "post $base/${GRAPH_ID}/appRoleAssignedTo") echo "$body" >>"$LOG" ;;
  *) echo "unexpected: $method $url" >&2; exit 1 ;;
esac
`;

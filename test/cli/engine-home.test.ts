import { mkdir, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ensurePulumi } from "../../cli/pulumi/ensure-pulumi.ts";
import { pulumiEnvironment } from "../../cli/pulumi/environment.ts";
import { runTool } from "../../cli/pulumi/run-tool.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

async function place() {
  const folder = await temporaryFolder();
  const [home, root] = [path.join(folder, "home"), path.join(folder, "project")];
  await mkdir(path.join(home, ".pulumi"), { recursive: true });
  await mkdir(root);
  await writeFile(path.join(root, "Pulumi.yaml"), "name: x\nruntime: nodejs\n");
  const env = { HOME: home, PATH: process.env.PATH ?? "", DEVICE_LIFECYCLE_CACHE: path.join(folder, "cache") };
  return { root, users: path.join(home, ".pulumi"), env };
}

describe("the engine's home", () => {
  test("leads to the user's own, but for the log, which is a file that says why", async () => {
    const { root, users, env } = await place();
    await mkdir(path.join(users, "bin"));
    await mkdir(path.join(users, "logs"));

    const { PULUMI_HOME: home = "", PULUMI_CREDENTIALS_PATH: login } = pulumiEnvironment(env, null, root);
    pulumiEnvironment(env, null, root);

    expect((await readdir(home)).sort()).toEqual(["bin", "logs", "plugins", "templates", "workspaces"]);
    expect(await readlink(path.join(home, "workspaces"))).toBe(path.join(users, "workspaces"));
    expect(await readFile(path.join(home, "logs"), "utf8")).toContain("keeps it from that");
    expect(login).toBe(users);
  });

  test("of the user's choosing stays, and so does where a login is kept", async () => {
    const { root, env } = await place();

    expect(pulumiEnvironment({ ...env, PULUMI_HOME: "/elsewhere" }, null, root)).not.toHaveProperty("PULUMI_CREDENTIALS_PATH");
    expect(pulumiEnvironment({ ...env, PULUMI_HOME: "/elsewhere" }, null, root).PULUMI_HOME).toBe("/elsewhere");
    expect(pulumiEnvironment({ ...env, PULUMI_CREDENTIALS_PATH: "/login" }, null, root).PULUMI_CREDENTIALS_PATH).toBe("/login");
  });

  test("is the user's where none can be made", async () => {
    const { root, users, env } = await place();
    await rm(users, { recursive: true });
    await writeFile(users, "no folder");

    expect(pulumiEnvironment(env, null, root)).not.toHaveProperty("PULUMI_HOME");
  });

  test("takes a login and a stack of the real engine, which writes no log", async () => {
    const { root, users, env } = await place();
    const { command } = await ensurePulumi({ env: process.env, root, say: () => undefined });
    const state = `file://${path.join(root, "state")}`;
    await mkdir(path.join(root, "state"));
    const engine = { ...pulumiEnvironment({ ...env, PULUMI_CONFIG_PASSPHRASE: "x" }, null, root) };
    const pulumi = (...args: readonly string[]) => runTool({ command, args: [...args, "--non-interactive"], cwd: root, env: engine });

    await pulumi("login", state);
    await pulumi("stack", "select", "--create", "dev");

    expect(JSON.parse(await readFile(path.join(users, "credentials.json"), "utf8"))).toMatchObject({ current: state });
    expect((await stat(path.join(engine.PULUMI_HOME ?? "", "logs"))).isFile()).toBe(true);
    expect(await readdir(users)).not.toContain("logs");
  });
});

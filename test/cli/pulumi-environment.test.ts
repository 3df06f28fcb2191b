import { chmod, mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { pulumiEnvironment } from "../../cli/pulumi/environment.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

interface Place {
  readonly root: string;
  readonly home: string;
  readonly env: Record<string, string>;
}

async function place(): Promise<Place> {
  const folder = await temporaryFolder();
  const root = path.join(folder, "a project, 100%41 of it");
  const home = path.join(folder, "home");
  await mkdir(path.join(home, ".pulumi"), { recursive: true });
  await mkdir(root);
  await writeFile(path.join(root, "Pulumi.yaml"), "name: x\nruntime: nodejs\n");
  return { root, home, env: { HOME: home, PATH: "/usr/bin:/bin", DEVICE_LIFECYCLE_CACHE: path.join(folder, "cache") } };
}

describe("where no backend is chosen", () => {
  test("state is kept in a private folder of the project, with the demo's passphrase", async () => {
    const { root, env } = await place();

    const made = pulumiEnvironment(env, null, root);

    const folder = path.join(root, ".pulumi-state");
    expect(made).toMatchObject({
      PULUMI_BACKEND_URL: `${pathToFileURL(folder).href}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "device-lifecycle-demo",
    });
    expect(made.PULUMI_BACKEND_URL).toMatch(/a%20project,%20100%2541%20of%20it\/\.pulumi-state\?metadata=skip$/);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test.each(["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])("%s of the user's stays, even when empty", async (name) => {
    const { root, env } = await place();

    const made = pulumiEnvironment({ ...env, [name]: "" }, null, root);

    expect(made[name]).toBe("");
    expect(made.PULUMI_CONFIG_PASSPHRASE).not.toBe("device-lifecycle-demo");
  });

  test.each([
    ["a login that was ended", "credentials.json", '{"current":"","accounts":{}}'],
    ["a login without a current one", "credentials.json", "{}"],
  ])("%s is no choice", async (_what, name, text) => {
    const { root, home, env } = await place();
    await writeFile(path.join(home, ".pulumi", name), text);

    expect(pulumiEnvironment(env, null, root).PULUMI_BACKEND_URL).toBe(
      `${pathToFileURL(path.join(root, ".pulumi-state")).href}?metadata=skip`,
    );
  });
});

describe("a chosen backend stays, and gets no passphrase of ours", () => {
  test.each([
    ["PULUMI_BACKEND_URL", "azblob://state"],
    ["PULUMI_ACCESS_TOKEN", "pul-0"],
    ["PULUMI_API", "https://pulumi.example"],
  ])("by %s", async (name, value) => {
    const { root, env } = await place();

    const made = pulumiEnvironment({ ...env, [name]: value }, null, root);

    expect(made[name]).toBe(value);
    expect(made.PULUMI_BACKEND_URL).toBe(name === "PULUMI_BACKEND_URL" ? value : undefined);
    expect(made).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE");
    await expect(stat(path.join(root, ".pulumi-state"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test.each([
    ["in Pulumi.yaml", "root/Pulumi.yaml", "name: x\nruntime: nodejs\nbackend:\n  url: s3://bucket\n"],
    ["by a stored login", "home/.pulumi/credentials.json", '{"current":"https://api.pulumi.com"}'],
    ["in a Pulumi.yaml that cannot be read, which Pulumi shall say", "root/Pulumi.yaml", "name: [x\n"],
    ["by a stored login that cannot be read", "home/.pulumi/credentials.json", "{"],
  ])("%s", async (_what, file, text) => {
    const { root, home, env } = await place();
    await writeFile(file.replace(/^root/, root).replace(/^home/, home), text);

    const made = pulumiEnvironment(env, null, root);

    expect(made).not.toHaveProperty("PULUMI_BACKEND_URL");
    expect(made).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE");
  });

  test.each(["PULUMI_HOME", "PULUMI_CREDENTIALS_PATH"])("by a login stored in %s", async (name) => {
    const { root, home, env } = await place();
    const elsewhere = path.join(home, "elsewhere");
    await mkdir(elsewhere);
    await writeFile(path.join(elsewhere, "credentials.json"), '{"current":"file://~"}');

    expect(pulumiEnvironment({ ...env, [name]: elsewhere }, null, root)).not.toHaveProperty("PULUMI_BACKEND_URL");
  });
});

describe("the rest of the environment", () => {
  test("the CLI's folder and this project's Node come first on PATH, once each", async () => {
    const { root, env } = await place();
    const bin = path.join(root, "node_modules", ".bin");

    const made = pulumiEnvironment({ ...env, PATH: ["/usr/bin", bin, "/cli", "/bin"].join(path.delimiter) }, "/cli", root);

    expect(made.PATH).toBe(["/cli", bin, "/usr/bin", "/bin"].join(path.delimiter));
  });

  test("Node's compile cache is ours unless one is set, and Pulumi looks for no update of itself", async () => {
    const { root, env } = await place();

    const made = pulumiEnvironment(env, null, root);
    const set = pulumiEnvironment({ ...env, NODE_COMPILE_CACHE: "/other" }, null, root);

    expect(made.NODE_COMPILE_CACHE).toBe(path.join(env.DEVICE_LIFECYCLE_CACHE ?? "", "node-compile-cache"));
    expect(made.PULUMI_SKIP_UPDATE_CHECK).toBe("true");
    expect(set.NODE_COMPILE_CACHE).toBe("/other");
  });

  test("there is no compile cache where others could write into it", async () => {
    const { root, env } = await place();
    await mkdir(path.join(env.DEVICE_LIFECYCLE_CACHE ?? "", "node-compile-cache"), { recursive: true });
    await chmod(path.join(env.DEVICE_LIFECYCLE_CACHE ?? "", "node-compile-cache"), 0o777);

    expect(pulumiEnvironment(env, null, root)).not.toHaveProperty("NODE_COMPILE_CACHE");
  });

  test("no .npmrc says how Node is started: what npm made of it is left out, a NODE_OPTIONS of the user's stays", async () => {
    const { root, env } = await place();
    const ofNpm = { NODE_OPTIONS: "--require ./x.js", npm_config_node_options: "--require ./x.js", npm_config_script_shell: "./x.sh" };

    const made = pulumiEnvironment({ ...env, ...ofNpm, npm_config_registry: "https://npm.example" }, null, root);
    const upper = pulumiEnvironment({ ...env, NODE_OPTIONS: "--require ./x.js", NPM_CONFIG_NODE_OPTIONS: "--require ./x.js" }, null, root);
    const own = pulumiEnvironment({ ...env, NODE_OPTIONS: "--use-system-ca", npm_config_node_options: "" }, null, root);

    expect(Object.values(made).filter((value) => value.includes("./x."))).toEqual([]);
    expect(Object.values(upper).filter((value) => value.includes("./x."))).toEqual([]);
    expect(made.npm_config_registry).toBe("https://npm.example");
    expect(own.NODE_OPTIONS).toMatch(/^--max-semi-space-size=2 --use-system-ca --require="[^"]+lighten-program\.cjs"$/);
  });

  test("what is not set stays so, and all else is handed on", async () => {
    const { root, env } = await place();

    const made = pulumiEnvironment({ ...env, ARM_CLIENT_ID: "1", GONE: undefined }, null, root);

    expect(made.ARM_CLIENT_ID).toBe("1");
    expect(made).not.toHaveProperty("GONE");
  });
});

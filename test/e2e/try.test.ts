import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type Ended, SpawnedCommand } from "../cli/spawned-command.ts";
import { newcomer, projectCopy } from "../support/project-copy.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** One story, told in order: what a newcomer types in two terminals. */
describe("dlr try", () => {
  let clone: string;
  let env: Readonly<Record<string, string>>;
  let running: SpawnedCommand | null = null;

  beforeAll(async () => {
    clone = await projectCopy();
    env = newcomer(await temporaryFolder());
  });

  afterEach(() => {
    running?.child.kill("SIGKILL");
  });

  async function start(...args: readonly string[]): Promise<SpawnedCommand> {
    running = new SpawnedCommand("try", ["--port", "0", ...args], env, { cwd: clone, root: clone });
    await running.printed("Ctrl-C ends the emulator");
    return running;
  }

  async function stop(command: SpawnedCommand): Promise<Ended> {
    command.child.kill("SIGINT");
    return await command.ended;
  }

  function type(line: string): Promise<{ readonly code: number; readonly text: string }> {
    return new Promise((resolve) => {
      execFile("/bin/sh", ["-c", line], { cwd: clone, env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, text: stdout + stderr });
      });
    });
  }

  test("prints three commands that work as they stand, and shows what they send", async () => {
    const first = await start();
    const printed = first.stdout;
    const [preview = "", up = "", reveal = ""] = [...printed.matchAll(/^ {2}(\.\/dlr .*?) {3}/gm)].map(([, line]) => line ?? "");

    const previewed = await type(preview);
    const performed = await type(`${up} --yes`);
    const revealed = await type(reveal);
    const ended = await stop(first);

    expect(previewed).toMatchObject({ code: 0 });
    expect(previewed.text).toContain("WIPES: first escrows the bypass code");
    expect(performed).toMatchObject({ code: 0 });
    expect(performed.text).toContain("1 request: 1 done");
    expect(revealed).toMatchObject({ code: 0 });
    expect(revealed.text).toMatch(/^[A-Z0-9]{5}(-[A-Z0-9]{4,5}){5}$/m);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect([...ended.stdout.matchAll(/^\d\d:\d\d:\d\d {2}DMPXK2ABCDEF {2}(.*)$/gm)].map(([, what]) => what)).toEqual([
      "the bypass code is read → 200",
      "bypassActivationLock → 204",
      "the bypass code is read → 200",
      "wipe → 204",
    ]);
  });

  test("keeps to its own folder and stack, and selects none", async () => {
    const { text } = await type("./dlr pulumi stack --show-name --non-interactive");

    expect(text).toMatch(/no stack selected/);
    expect((await readdir(clone)).filter((name) => /try|stores|ledger|escrow/.test(name)).sort()).toEqual(["Pulumi.try.yaml", "try"]);
    expect(await readdir(path.join(clone, "devices/requests"))).toEqual(["README.md"]);
  });

  test("goes on from there when it is started again, whatever port it has", async () => {
    const again = await start();
    const text = again.stdout;
    const up = await type("./dlr up try --yes");
    const ended = await stop(again);

    expect(text).toContain("requests: try/requests, as you left them");
    expect(text).toContain(
      "the ledger knows 1 request of earlier tries, and sends none twice: ./dlr status try; ./dlr try --anew forgets them",
    );
    expect(up).toMatchObject({ code: 0 });
    expect(ended.stdout).not.toMatch(/wipe →/);
  });

  test("forgets with --anew what was done, and removes no store", async () => {
    const ledger = await readFile(path.join(clone, "try/ledger/ledger.jsonl"), "utf8");

    const text = (await start("--anew")).stdout;

    const names = await readdir(path.join(clone, "try"));
    const aside = names.find((name) => name.startsWith("ledger.")) ?? "";
    expect(text).not.toContain("earlier tries");
    expect(names).not.toContain("ledger");
    expect(await readFile(path.join(clone, "try", aside, "ledger.jsonl"), "utf8")).toBe(ledger);
    expect(names.some((name) => name.startsWith("escrow."))).toBe(true);
    expect((await type("./dlr preview try")).text).toContain("WIPES: first escrows the bypass code");
  });

  test.each(["graphEndpoint https://graph.microsoft.com", "ledger file:ledger"])(
    "leaves a stack of that name alone that somebody pointed elsewhere: %s",
    async (setting) => {
      await type(`./dlr pulumi config set ${setting} --stack try`);
      const before = await readFile(path.join(clone, "Pulumi.try.yaml"), "utf8");

      const ended = await new SpawnedCommand("try", ["--port", "0", "--anew"], env, { cwd: clone, root: clone }).ended;

      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain("there is a stack try already that `dlr try` did not make; it stays as it is");
      expect(ended.stderr).toContain("./dlr pulumi stack rename OTHER-NAME --stack try");
      expect(await readFile(path.join(clone, "Pulumi.try.yaml"), "utf8")).toBe(before);
    },
  );
});

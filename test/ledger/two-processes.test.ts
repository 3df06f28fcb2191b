import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "@jest/globals";
import { LedgerBusyError } from "../../providers/domain/errors.ts";
import { intent, result } from "../contract/sample-records.ts";
import { testClock } from "../support/test-clock.ts";
import { ledgerFolder } from "./ledger-folder-fixture.ts";

const SCRIPT = fileURLToPath(new URL("use-ledger.ts", import.meta.url));
const children: ChildProcess[] = [];

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  return child;
}

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

describe("two processes at one ledger", () => {
  test("the second is told who holds it, after a wait; a kill -9 of the holder frees it", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    const holder = start(place.root, "holder", "hold");
    await once(holder.stdout ?? holder, "data");
    const clock = testClock();
    const second = place.open({ clock, waitMs: 1_000 });

    const error: unknown = await second.append(intent("second#1")).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LedgerBusyError);
    expect(error).toMatchObject({ code: "LEDGER_BUSY", message: expect.stringContaining(`process ${holder.pid}`) });
    expect(clock.slept.reduce((sum, one) => sum + one, 0)).toBe(1_000);
    expect((await second.read()).records).toHaveLength(2);
    await second.setBrake("stop", "anna", "works meanwhile");

    holder.kill("SIGKILL");
    await once(holder, "exit");
    await second.append(result("holder#1"));

    expect(await place.records()).toEqual([intent("holder#1"), result("holder#1")]);
    await second.close();
  });

  test("a kill -9 in the middle of many records loses none that was reported as recorded", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    const writer = start(place.root, "flood", "flood");
    let printed = "";
    const enough = new Promise<void>((resolve) => {
      writer.stdout?.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
        if (printed.includes("flood-40#1")) resolve();
      });
    });

    await enough;
    writer.kill("SIGKILL");
    await once(writer, "close");

    const reported = printed.slice(0, printed.lastIndexOf("\n")).split("\n");
    const next = place.open();
    await next.append(result("after#1"));
    await next.close();
    const keys = (await place.records()).map((record) => record.key);
    expect(keys.slice(0, reported.length)).toEqual(reported);
    expect(keys.at(-1)).toBe("after#1");
  });

  test("take turns without losing or mixing a record", async () => {
    const place = await ledgerFolder();
    await place.write([]);
    const names = ["one", "two", "three"];

    const ended = await Promise.all(names.map((name) => once(start(place.root, name, "15"), "exit")));

    expect(ended.map(([code]) => code)).toEqual([0, 0, 0]);
    const keys = (await place.records()).map((record) => record.key);
    for (const name of names) {
      const ours = keys.filter((key) => key.startsWith(`${name}-`));
      expect(ours).toEqual(Array.from({ length: 15 }, (_, count) => `${name}-${count}#1`));
    }
    expect(keys).toHaveLength(45);
  });
});

import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { relaySignals } from "../../cli/pulumi/relay-signals.ts";

test("the same signal twice in a row, as npm sends it on, counts once", async () => {
  const handedOn: unknown[] = [];
  let stop = () => {};
  const last = new Promise<void>((resolve) => {
    const kill = (signal?: NodeJS.Signals | number) => {
      handedOn.push(signal);
      if (signal === "SIGTERM") resolve();
      return true;
    };
    stop = relaySignals({ kill }, false);
  });

  for (const signal of ["SIGINT", "SIGINT", "SIGTERM"] as const) process.emit(signal, signal);
  await last;
  stop();

  expect(handedOn).toEqual(["SIGINT", "SIGTERM"]);
  expect([process.listenerCount("SIGINT"), process.listenerCount("SIGTERM")]).toEqual([0, 0]);
});

test("a canary that died of the signal which ended the child is not replaced: nothing keeps us alive", async () => {
  const end = relaySignals({ kill: () => true }, false);
  const children = await readFile(`/proc/self/task/${process.pid}/children`, "utf8");
  const canary = Number(children.trim().split(" ").at(-1));

  process.kill(canary, "SIGTERM");
  end();

  await setTimeout(500);
  expect(process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap")).toEqual([]);
});

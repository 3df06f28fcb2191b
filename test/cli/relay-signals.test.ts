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

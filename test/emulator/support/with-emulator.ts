import { afterEach } from "@jest/globals";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/graph/start-emulator.ts";

export interface TestClock {
  readonly clock: () => number;
  advance(milliseconds: number): void;
}

/** A clock that stands still until it is told to go on. */
export function testClock(start = Date.parse("2026-11-20T12:00:00Z")): TestClock {
  let now = start;
  return {
    clock: () => now,
    advance: (milliseconds) => {
      now += milliseconds;
    },
  };
}

/** Emulators that are closed after each test. Call once at the top of a test file. */
export function emulators(): (options?: EmulatorOptions) => Promise<Emulator> {
  const started: Emulator[] = [];
  afterEach(async () => {
    for (const emulator of started.splice(0)) await emulator.close();
  });
  return async (options) => {
    const emulator = await startEmulator(options);
    started.push(emulator);
    return emulator;
  };
}

import { jest } from "@jest/globals";

// Starting processes and runs of the real engine take seconds, and more on a busy machine: this
// only ends what hangs.
jest.setTimeout(180_000);

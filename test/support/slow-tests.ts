import { jest } from "@jest/globals";

// A run of the real engine takes seconds, and more on a busy machine: this only ends what hangs.
jest.setTimeout(180_000);

/** @type {import("jest").Config} */
export const shared = {
  testEnvironment: "node",
  setupFilesAfterEnv: ["<rootDir>/test/support/slow-tests.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      {
        jsc: { target: "es2024", parser: { syntax: "typescript" }, experimental: { keepImportAttributes: true } },
        module: { type: "es6" },
      },
    ],
  },
};

export default {
  // Much of the time goes into waiting for other processes.
  maxWorkers: "100%",
  testSequencer: "<rootDir>/test/support/slowest-first.cjs",
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["<rootDir>/test/(e2e|infrastructure|long)/"],
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
      globalSetup: "<rootDir>/test/support/start-shared-prism.ts",
      globalTeardown: "<rootDir>/test/support/stop-shared-prism.ts",
    },
  ],
};

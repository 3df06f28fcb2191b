import { shared } from "./jest.config.js";

/** What takes long: `npm run test:long`. */
export default {
  ...shared,
  maxWorkers: "100%",
  testMatch: ["<rootDir>/test/long/**/*.test.ts"],
  globalSetup: "<rootDir>/test/infrastructure/install-packages.ts",
};

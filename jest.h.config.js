import { shared } from "./jest.config.js";

/** What takes long, or needs the packages of infrastructure/: `npm run test:long`. */
export default {
  ...shared,
  maxWorkers: "100%",
  testMatch: ["<rootDir>/test/{long,infrastructure}/**/*.test.ts"],
};

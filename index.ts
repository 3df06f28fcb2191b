import { runProgram } from "./providers/pulumi/program.ts";

/** Stack outputs: outcomes counted, and the outcome of each request. */
export const { summary, requests } = await runProgram(import.meta.dirname, process.env);

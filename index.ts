import { runProgram } from "./providers/pulumi/program/program.ts";

/** Stack outputs: outcomes counted, and the outcome of each request; the ledger that was used. */
export default await runProgram(import.meta.dirname, process.env);

import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { type Diagnostic, printableJson, sortDiagnostics } from "../providers/domain/diagnostic.ts";
import { EXIT_CODES } from "../providers/domain/errors.ts";
import { type LoadedRequests, loadRequests } from "../providers/request/load-requests.ts";
<<<<<<< a81130fce67979d0a3efab3dd604da0f087b0725
=======
import { schemaFiles } from "../providers/request/schema/schema.ts";
>>>>>>> 317bcdee42b9ea2a931c28842a8c598a6b9f4afc
import { renderActionsPage } from "./support/actions-page.ts";
import { withGuardsTable } from "./support/guards-table.ts";
import { pastExpiries } from "./support/past-expiries.ts";
import { renderForTerminal, wantsColour } from "./support/print-diagnostics.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";
import { ALL_SCHEMAS } from "./support/schema-files.ts";
import { systemClock } from "./support/system-clock.ts";
import { summarize, validationReport } from "./support/validation-report.ts";

interface Flags {
  readonly playbooks: string;
  readonly json: boolean;
  readonly writeSchemas: boolean;
}

const inProject = (name: string) => path.join(PROJECT_FOLDER, "devices", name);

export function validateCommand(): Command {
  return new Command("dlr validate")
    .description("Checks requests and playbooks without asking Graph. Mistakes go to stderr; exit 0 when there are none, 1 otherwise.")
    .argument("[FOLDER]", "folder of requests (default: devices/requests)")
    .option("--playbooks <FOLDER>", "folder of playbooks (default: devices/playbooks)")
    .option("--json", "print requests and mistakes as JSON on stdout", false)
    .option(
      "--write-schemas",
      "write devices/schema/*.schema.json, docs/actions.md and the table in docs/configuration.md, and check nothing",
      false,
    )
    .action(async (folder: string | undefined, flags: Partial<Flags>) => {
      if (flags.writeSchemas === true) return await writeSchemas();
      const requests = folder ?? inProject("requests");
      const playbooks = flags.playbooks ?? inProject("playbooks");
      const loaded = await loadRequests({ root: process.cwd(), requests, playbooks });
      const warnings = pastExpiries(loaded.requests, systemClock.now()).map((warning) => withLine(warning, loaded));
      print({ ...loaded, diagnostics: sortDiagnostics([...loaded.diagnostics, ...warnings]) }, flags.json === true);
    });
}

function withLine(diagnostic: Diagnostic, { sourceLine }: LoadedRequests): Diagnostic {
  const line = sourceLine(diagnostic.location);
  return line === undefined ? diagnostic : { ...diagnostic, sourceLine: line };
}

function print(loaded: LoadedRequests, json: boolean): void {
  const wrong = loaded.diagnostics.some((diagnostic) => diagnostic.severity === "error");
  if (loaded.diagnostics.length > 0) console.error(`${renderForTerminal(loaded.diagnostics, wantsColour(process.stderr, process.env))}\n`);
  if (json) console.log(printableJson(validationReport(loaded)));
  if (wrong) console.error(summarize(loaded));
  else if (!json) console.log(summarize(loaded));
  process.exitCode = wrong ? EXIT_CODES.requests : 0;
}

async function writeSchemas(): Promise<void> {
  const folder = inProject("schema");
  await mkdir(folder, { recursive: true });
<<<<<<< a81130fce67979d0a3efab3dd604da0f087b0725
  for (const [name, schema] of Object.entries(ALL_SCHEMAS)) {
=======
  const { playbooks } = await loadRequests({ root: PROJECT_FOLDER, requests: inProject("requests"), playbooks: inProject("playbooks") });
  for (const [name, schema] of Object.entries(schemaFiles(playbooks))) {
>>>>>>> 317bcdee42b9ea2a931c28842a8c598a6b9f4afc
    await writeFile(path.join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
    console.log(`wrote devices/schema/${name}`);
  }
  await writeFile(path.join(PROJECT_FOLDER, "docs", "actions.md"), renderActionsPage());
  console.log("wrote docs/actions.md");
  const page = path.join(PROJECT_FOLDER, "docs", "configuration.md");
  await writeFile(page, withGuardsTable(await readFile(page, "utf8")));
  console.log("wrote the table of guards in docs/configuration.md");
}

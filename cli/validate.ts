import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Command, Option } from "commander";
import { type Diagnostic, printableJson, sortDiagnostics } from "../providers/domain/diagnostic.ts";
import { EXIT_CODES } from "../providers/domain/errors.ts";
import { type LoadedRequests, loadRequests } from "../providers/request/load-requests.ts";
import { systemClock } from "../providers/support/system-clock.ts";
import { renderActionsPage } from "./support/actions-page.ts";
import { allSchemas } from "./support/all-schemas.ts";
import { renderAnnotations } from "./support/annotations.ts";
import { withGuardsTable } from "./support/guards-table.ts";
import { pastExpiries } from "./support/past-expiries.ts";
import { PROJECT_FOLDER } from "./support/project-folder.ts";
import { renderForTerminal, wantsColour } from "./support/render-for-terminal.ts";
import { sarifOf } from "./support/sarif.ts";
import { summarize, validationReport } from "./support/validation-report.ts";

const FORMATS = ["text", "json", "github", "sarif"] as const;

type Format = (typeof FORMATS)[number];

interface Flags {
  readonly playbooks: string;
  readonly policies: string;
  readonly json: boolean;
  readonly format: Format;
  readonly writeSchemas: boolean;
}

const inProject = (name: string) => path.join(PROJECT_FOLDER, "devices", name);

/** The command `validate`. */
export function validateCommand(): Command {
  return new Command("dlr validate")
    .description(
      "Checks requests, playbooks and policies without asking Graph. Mistakes go to stderr; exit 0 when there are none, 1 otherwise.",
    )
    .argument("[FOLDER]", "folder of requests (default: devices/requests)")
    .option("--playbooks <FOLDER>", "folder of playbooks (default: devices/playbooks)")
    .option("--policies <FOLDER>", "folder of policies (default: devices/policies)")
    .option("--json", "print requests and mistakes as JSON on stdout", false)
    .addOption(
      new Option("--format <FORMAT>", "what stdout has: json as --json, github annotations of changed lines, sarif for code scanning")
        .choices(FORMATS)
        .default("text"),
    )
    .option(
      "--write-schemas",
      "write devices/schema/*.schema.json, docs/actions.md and the table in docs/configuration.md, and check nothing",
      false,
    )
    .action(async (folder: string | undefined, flags: Partial<Flags>) => {
      if (flags.writeSchemas === true) return await writeSchemas();
      const requests = folder ?? inProject("requests");
      const playbooks = flags.playbooks ?? inProject("playbooks");
      const policies = flags.policies ?? inProject("policies");
      const loaded = await loadRequests({ root: process.cwd(), requests, playbooks, policies });
      const warnings = pastExpiries(loaded.requests, systemClock.now()).map((warning) => withLine(warning, loaded));
      print(
        { ...loaded, diagnostics: sortDiagnostics([...loaded.diagnostics, ...warnings]) },
        flags.json === true ? "json" : (flags.format ?? "text"),
      );
    });
}

function withLine(diagnostic: Diagnostic, { sourceLine }: LoadedRequests): Diagnostic {
  const line = sourceLine(diagnostic.location);
  return line === undefined ? diagnostic : { ...diagnostic, sourceLine: line };
}

function print(loaded: LoadedRequests, format: Format): void {
  const wrong = loaded.diagnostics.some((diagnostic) => diagnostic.severity === "error");
  if (loaded.diagnostics.length > 0) console.error(`${renderForTerminal(loaded.diagnostics, wantsColour(process.stderr, process.env))}\n`);
  if (format === "json") console.log(printableJson(validationReport(loaded)));
  if (format === "sarif") console.log(printableJson(sarifOf(loaded.diagnostics)));
  if (format === "github" && loaded.diagnostics.length > 0) console.log(renderAnnotations(loaded.diagnostics));
  if (wrong || format === "github") console.error(summarize(loaded));
  else if (format === "text") console.log(summarize(loaded));
  process.exitCode = wrong ? EXIT_CODES.requests : 0;
}

async function writeSchemas(): Promise<void> {
  const folder = inProject("schema");
  await mkdir(folder, { recursive: true });
  const { playbooks } = await loadRequests({ root: PROJECT_FOLDER, requests: inProject("requests"), playbooks: inProject("playbooks") });
  for (const [name, schema] of Object.entries(allSchemas(playbooks))) {
    await writeFile(path.join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
    console.log(`wrote devices/schema/${name}`);
  }
  await writeFile(path.join(PROJECT_FOLDER, "docs", "actions.md"), renderActionsPage());
  console.log("wrote docs/actions.md");
  const page = path.join(PROJECT_FOLDER, "docs", "configuration.md");
  await writeFile(page, withGuardsTable(await readFile(page, "utf8")));
  console.log("wrote the table of guards in docs/configuration.md");
}

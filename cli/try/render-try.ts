import type { Emulator, RecordedRequest } from "../../emulator/graph/start-emulator.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { dlrCommand, type Shell } from "../../providers/support/dlr-command.ts";
import { count } from "../../providers/support/words.ts";
import { TRY_REQUEST } from "./try-files.ts";
import { TRY } from "./try-stack.ts";

/** What somebody who tries it is told once everything is ready. */
export interface Ready {
  readonly emulator: Pick<Emulator, "url" | "devices">;
  /** The project's folder, where the commands are typed. */
  readonly root: string;
  /** The file that was written; null where there are requests already. */
  readonly written: string | null;
  /** How many requests earlier tries began. */
  readonly begun: number;
  readonly shell: Shell;
}

/** The three next commands, whole, for a second terminal. */
export function renderReady({ emulator, root, written, begun, shell }: Ready): string {
  const command = (name: string, ...words: readonly string[]) => dlrCommand(name, TRY, words, shell);
  const next = [
    [command("preview"), "what the request would do"],
    [command("up"), "do it: the code is kept safe, then the iPad is wiped"],
    [command("reveal", TRY_REQUEST), "the code that unlocks the iPad"],
  ] as const;
  const width = Math.max(...next.map(([line]) => line.length));
  return [
    `EMULATOR ${emulator.url} with ${count(emulator.devices().length, "device")} that nobody owns · stack ${TRY}`,
    written === null ? `requests: ${TRY}/requests, as you left them` : `a request to begin with: ${written}`,
    ...renderEarlier(begun, command("status"), shell),
    "",
    printable(`Next, in a second terminal in ${root}:`),
    "",
    ...next.map(([line, what]) => `  ${line.padEnd(width)}   ${what}`),
    "",
    "This terminal shows what reaches the devices. Ctrl-C ends the emulator; everything else stays.",
  ].join("\n");
}

function renderEarlier(begun: number, status: string, shell: Shell): readonly string[] {
  if (begun === 0) return [];
  const anew = dlrCommand("try", undefined, ["--anew"], shell);
  return [`the ledger knows ${count(begun, "request")} of earlier tries, and sends none twice: ${status}; ${anew} forgets them`];
}

/** What reached a device, in words; null for other calls. */
export function renderCall({ at, kind, action, serialNumber, status }: RecordedRequest): string | null {
  const what = kind === "readCode" ? "the bypass code is read" : kind === "action" ? action : null;
  if (what === null) return null;
  return printable(`${new Date(at).toISOString().slice(11, 19)}  ${serialNumber ?? "?"}  ${what} → ${status ?? "no answer"}`);
}

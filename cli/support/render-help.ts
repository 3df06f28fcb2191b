import { COMMANDS, type CommandEntry, GROUPS } from "../commands.ts";

/** Column at which summaries begin. */
const SUMMARY = 34;

/** `dlr help`: one screen, at most 80 columns. */
export function renderHelp(): string {
  const groups = Object.entries(GROUPS).map(([group, { title, example }]) =>
    [`${title.padEnd(SUMMARY - 2)}  ${example}`, ...COMMANDS.filter((command) => command.group === group).map(renderLine)].join("\n"),
  );
  return [
    "dlr COMMAND [STACK] [ARGS…]    device lifecycle requests as code",
    ...groups,
    "`dlr COMMAND --help` says more, --verbose shows all that is done. In the folder:\n./dlr, in PowerShell .\\dlr. STACK is a word, --stack, or the selected one.",
  ].join("\n\n");
}

function renderLine({ name, words, summary }: CommandEntry): string {
  return `  ${`${name} ${words}`.trimEnd().padEnd(SUMMARY - 2)}${summary}`;
}

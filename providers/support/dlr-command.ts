/** How the shell that a command is typed into reads words. */
export type Shell = "posix" | "powershell" | "cmd";

const LAUNCHERS: Readonly<Record<Shell, string>> = { posix: "./dlr", powershell: ".\\dlr", cmd: "dlr" };

/**
 * A command of ours as people type it in the project's folder: `./dlr settle prod
 * leeds-leaver-0042 --taken`. The stack stands behind the command's own words, where every
 * command takes it; what is written down for later is in the form that PowerShell takes too.
 */
export function dlrCommand(command: string, stack: string | undefined, words: readonly string[] = [], shell: Shell = "posix"): string {
  const named = stack === undefined ? [] : [stack];
  return [LAUNCHERS[shell], ...command.split(" "), ...[...named, ...words].map((word) => quotedFor(shell, word))].join(" ");
}

/**
 * A command of Pulumi's, through ours, for one stack: `./dlr pulumi config set tenant ID --stack
 * prod`.
 */
export function pulumiCommand(words: readonly string[], stack: string | undefined, shell: Shell = "posix"): string {
  return dlrCommand("pulumi", undefined, [...words, ...(stack === undefined ? [] : ["--stack", stack])], shell);
}

const FILE_COMMANDS: Readonly<Record<Shell, { readonly move: string; readonly remove: string }>> = {
  posix: { move: "mv", remove: "rm" },
  powershell: { move: "mv", remove: "rm" },
  cmd: { move: "move", remove: "del" },
};

/** What the shell has for files: `mv prod.json prod.json.torn`. */
export function fileCommand(what: "move" | "remove", files: readonly string[], shell: Shell = "posix"): string {
  return [FILE_COMMANDS[shell][what], ...files.map((file) => quotedFor(shell, file))].join(" ");
}

/** The preview of a stack, which writes its review to a file. */
export function savesReview(stack: string | undefined): string {
  return dlrCommand("preview", stack ?? "STACK", ["--save-review", "FILE"]);
}

/** Signs a person in on this machine. */
export const LOGIN: string = dlrCommand("login", undefined);

/** Double quotes mean the same to every shell as long as nothing in them does more. */
function quotedFor(shell: Shell, word: string): string {
  if (isPlain(shell, word)) return word;
  if (!/["$`\\!%\u201c-\u201e]/.test(word)) return `"${word}"`;
  switch (shell) {
    case "posix":
      return `'${word.replaceAll("'", "'\\''")}'`;
    case "powershell":
      return `'${word.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`;
    case "cmd":
      return `"${word.replaceAll('"', '""')}"`;
  }
}

/**
 * `@`, `#` and `,` begin something else in PowerShell; `%` names a variable in cmd; a backslash
 * is a letter to both.
 */
function isPlain(shell: Shell, word: string): boolean {
  if (shell === "posix") return /^[\p{L}\p{N}@%+=:,./_-][\p{L}\p{N}@%+=:,./_#-]*$/u.test(word);
  return /^[\p{L}\p{N}+=:./\\_-]+$/u.test(word);
}

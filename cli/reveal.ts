import { Command } from "commander";
import { reveal } from "./reveal/reveal.ts";

/** The command `reveal`: the one place where a secret is printed. */
export function revealCommand(): Command {
  return new Command("dlr reveal")
    .description("Prints one escrowed secret, for the person who may read it: the secret alone on stdout, what it is of on stderr.")
    .argument("<REFERENCE>", "file:FOLDER/ID.age or https://VAULT/secrets/NAME/VERSION, from a resource's output bypassCode.reference")
    .option(
      "--identity <FILE>",
      "the reader's age identity (default: $DEVICE_LIFECYCLE_IDENTITY, else the emulator's in the escrow folder)",
    )
    .option("--audit <FOLDER>", "where audit.jsonl is kept (default: the escrow folder; for a Key Vault the folder escrow)")
    .addHelpText(
      "after",
      `
Leaves a line of who, when and which in audit.jsonl first; a Key Vault keeps a log of its own besides.
Refuses in CI, known by its variables: what a build prints, its log keeps. A Key Vault is read with the identity of the environment (az login).

Example:
  dlr reveal file:escrow/0123456789abcdef0123456789abcdef.age --identity ~/keys/reader.txt`,
    )
    .action(reveal);
}

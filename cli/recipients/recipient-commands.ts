import type { Command } from "commander";
import { withStores } from "../support/store-locations.ts";
import { add, confirm, keygen, list, remove } from "./actions.ts";

/** Who can read what is put into a `file:` escrow. */
export function recipientCommands(command: Command): Command {
  command
    .description("Who can read the secrets of a file escrow: each is encrypted to the recipients that the folder has at that time.")
    .addHelpText(
      "after",
      `
The usual way: the reader runs \`keygen FILE\` on a machine of their own, keeps FILE, and sends the public key (age1…);
somebody runs \`add age1…\` and commits recipients.txt; the reader runs \`confirm --identity FILE\` and commits confirmed.json.
Keys are age's: any age tool makes and reads them.`,
    );
  withStores(command.command("list"), "escrow")
    .description("show who can read, and who has proven it")
    .argument("[words...]", "[STACK]")
    .action(list);
  withStores(command.command("add"), "escrow")
    .description("let one more person read what is escrowed from now on")
    .argument("<words...>", "[STACK] and the person's public key, age1…")
    .option("--name <TEXT>", "whose key it is, for the list")
    .action(add);
  withStores(command.command("remove"), "escrow")
    .description("encrypt nothing more to this key, and drop its proof; what it can open already stays so")
    .argument("<words...>", "[STACK] and the public key, age1…")
    .action(remove);
  command
    .command("keygen")
    .description("make a pair of keys: the secret half goes to FILE, the public half is printed")
    .argument("<FILE>", "a new file, to be kept by the reader alone")
    .action(keygen);
  withStores(command.command("confirm"), "escrow")
    .description("prove that a recipient can decrypt a challenge, and keep the proof in confirmed.json")
    .argument("[words...]", "[STACK] and the recipient, age1…; without --identity and --answer a challenge for it is printed")
    .option("--identity <FILE>", "the secret half: opens the challenge here and now (default: $DEVICE_LIFECYCLE_IDENTITY)")
    .option("--answer <TEXT>", "what the challenge said, decrypted elsewhere (`age -d -i IDENTITY`)")
    .action(confirm);
  return command;
}

import { Command } from "commander";

/** The command `demo`. */
export function demoCommand(): Command {
  return new Command("dlr demo")
    .description(
      "Shows the main job from end to end on emulated devices: preview, up, up again, state, and the escrowed code. Sends nothing to Microsoft.",
    )
    .addHelpText(
      "after",
      "\nEverything it makes is in the folder .demo of the project, which each run makes anew; full logs are there too.",
    )
    .action(async () => {
      const { runDemo } = await import("./demo/run-demo.ts");
      process.exitCode = await runDemo();
    });
}

import { isOn, readWords, withoutWords } from "./pulumi-words.ts";

/** Who shows a run: Pulumi as it always does, or we do. `args` are Pulumi's, without ours. */
export type Display =
  | { readonly kind: "pulumi"; readonly args: readonly string[] }
  | {
      readonly kind: "ours";
      readonly args: readonly string[];
      /** Pulumi's own display, with whole cards, stands above ours. */
      readonly withDetails: boolean;
      /** `up` without a preview of its own shows, and asks for, nothing. */
      readonly previews: boolean;
      /** Nobody has said yes yet. */
      readonly asks: boolean;
    };

/** Whoever names one of these wants Pulumi's own display, or debugs Pulumi. */
const PULUMIS = `--json -j --diff --show-config --show-full-output --show-reads --show-replacement-steps --show-sames --show-secrets
--save-plan --plan --strict --import-file --neo
--debug -d --verbose -v --event-log --logtostderr --logflow --tracing --profiling --attach-debugger`.split(/\s/);

const YES = ["--yes", "-y"];
const SKIPS_PREVIEW = ["--skip-preview", "-f"];
/**
 * `up` takes these, and `preview` does not, or would fail for the changes that are still to come.
 */
const OF_UP_ALONE = [...YES, ...SKIPS_PREVIEW, "--continue-on-error", "--expect-no-changes"];
const DETAILS = "--details";
const TARGETS = ["--target", "-t", "--target-replace", "--exclude"];

/** How a run is shown; `env` may say yes to Pulumi for all runs. */
export function chooseDisplay(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Display {
  const { words } = readWords(args);
  const own = withoutWords(args, [DETAILS]);
  if (words.some(({ name }) => PULUMIS.includes(name))) return { kind: "pulumi", args: own };
  const previews = !isOn(words, SKIPS_PREVIEW);
  const saysYes = isOn(words, YES) || /^(1|t|true)$/i.test(env.PULUMI_SKIP_CONFIRMATIONS ?? "");
  return { kind: "ours", args: own, withDetails: isOn(words, [DETAILS]), previews, asks: previews && !saysYes };
}

/** The arguments of `up` for the preview before it. */
export function previewArgs(args: readonly string[]): readonly string[] {
  return withoutWords(args, OF_UP_ALONE);
}

/** The arguments of `up` once its preview was shown and agreed to. */
export function performArgs(args: readonly string[]): readonly string[] {
  return ["--yes", "--skip-preview", ...withoutWords(args, [...YES, ...SKIPS_PREVIEW])];
}

/** Only some of the resources take part in the run. */
export function hasTargets(args: readonly string[]): boolean {
  return readWords(args).words.some(({ name }) => TARGETS.includes(name));
}

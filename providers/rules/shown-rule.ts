import { defineRule } from "./rule.ts";

/** Whoever says yes to a preview says it to what was shown, and to nothing that came after it. */
export const shownRule = defineRule({
  id: "not-shown",
  code: null,
  reason: "NotShown",
  outcome: "pending",
  asked: ["step"],
  key: "plan",
  when: "`dlr up` showed a preview before it began, and this very request was not in it as one that runs: device, enrolment, serial number, path, steps and parameters. Not with `--skip-preview`, nor with a display of Pulumi's own (`--diff`, `--json`)",
  goOn: "run `dlr up` again: it shows what there is now",
  needs: ["shown"],
  judge: (_, { shown }) =>
    shown.kind === "seen" ? { message: shown.value, hint: "nothing was sent; run up again, which shows what there is now" } : null,
});

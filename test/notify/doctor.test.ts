import { expect, test } from "@jest/globals";
import { lookAtNotify } from "../../cli/doctor/look-at-notify.ts";
import { lookAt } from "../../cli/doctor/row.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

const rowFor = (env: Readonly<Record<string, string>>) => lookAt("notify", () => lookAtNotify(env, "dlr notify --test"));

test.each<[string, Readonly<Record<string, string>>, string, RegExp]>([
  ["nobody", {}, "ok", /^nobody is named in this environment$/],
  [
    "two, by their hosts",
    { DLR_NOTIFY_TEAMS: "https://prod-12.logic.azure.com/workflows/do-not-tell", DLR_NOTIFY_SLACK: "https://hooks.slack.com/do-not-tell" },
    "ok",
    /^teams at prod-12\.logic\.azure\.com, slack at hooks\.slack\.com; dlr notify --test tells them of a test$/,
  ],
  ["a webhook without its secret", { DLR_NOTIFY_WEBHOOK: "https://hooks.example/do-not-tell" }, "missing", /nothing is sent unsigned$/],
  ["a secret without its webhook", { DLR_NOTIFY_WEBHOOK_SECRET: SECRET }, "unknown", /DLR_NOTIFY_WEBHOOK is not$/],
  ["an address that is none", { DLR_NOTIFY_SLACK: "do-not-tell" }, "missing", /^DLR_NOTIFY_SLACK is no address$/],
  ["a word that is none", { DLR_NOTIFY_ON: "everything" }, "missing", /^DLR_NOTIFY_ON has an unknown word/],
])("the doctor says who is told: %s", async (_, env, state, text) => {
  const row = await rowFor(env);

  expect(row).toMatchObject({ what: "notify", state, text: expect.stringMatching(text) });
  expect(JSON.stringify(row)).not.toMatch(/do-not-tell|whsec_[A-Za-z0-9]/);
});

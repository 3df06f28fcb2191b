import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { targetsIn } from "../../notify/send/target.ts";
import { isWanted, wantedIn } from "../../notify/wanted.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { hideSecrets } from "../../providers/support/hide-secrets.ts";
import { events } from "./sample-events.ts";

const TEAMS = "https://prod-12.westeurope.logic.azure.com/workflows/0f1e2d3c/triggers/manual/paths/invoke?sig=do-not-tell-anybody";
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

function refusal(env: Readonly<Record<string, string>>): ConfigurationError {
  try {
    targetsIn(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
  }
  throw new Error("nothing was refused");
}

describe("who is told", () => {
  test("is nobody where the environment names nobody", () => {
    expect(targetsIn({ DLR_NOTIFY_SLACK: "" })).toEqual([]);
  });

  test("is known by its host alone: its address is in no text, nor what looks into it", () => {
    const [target] = targetsIn({ DLR_NOTIFY_TEAMS: TEAMS });

    expect(target?.origin).toBe("https://prod-12.westeurope.logic.azure.com");
    expect(`${inspect(target, { depth: 9, showHidden: true })}${JSON.stringify(target)}`).not.toContain("do-not-tell");
    expect(hideSecrets(`fetch failed: ${TEAMS}`, {})).not.toContain("do-not-tell");
  });

  test.each([
    ["http://hooks.example/do-not-tell", "no https address"],
    ["https://anna:do-not-tell@hooks.example/", "a user, a password or a fragment"],
    ["https://hooks.example/#do-not-tell", "a user, a password or a fragment"],
    ["do-not-tell", "no address"],
    ["file:///do-not-tell", "no https address"],
    ["http://127.0.0.1.evil.example/do-not-tell", "no https address"],
  ])("is not %s", (address, why) => {
    const error = refusal({ DLR_NOTIFY_SLACK: address });

    expect(error.message).toContain(why);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("do-not-tell");
  });

  test.each(["", "secret", "whsec_", "whsec_c2hvcnQ=", `whsec_${Buffer.alloc(65).toString("base64")}`, `${SECRET} nonsense`])(
    "is no webhook without a right secret: %j",
    (secret) => {
      const error = refusal({ DLR_NOTIFY_WEBHOOK: "https://hooks.example/a", DLR_NOTIFY_WEBHOOK_SECRET: secret });

      expect(error.message).toContain("DLR_NOTIFY_WEBHOOK_SECRET");
      expect(error.hint).toContain("openssl rand -base64 32");
    },
  );
});

describe("what is told", () => {
  const all = events();
  const kindsOf = (text: string | undefined) => all.filter((event) => isWanted(event, wantedIn(text))).map(({ kind }) => kind);

  test("is everything but what waits, unless somebody says otherwise", () => {
    expect(kindsOf(undefined)).toEqual(all.map(({ kind }) => kind));
    expect(wantedIn("").has("pending")).toBe(false);
    expect(wantedIn("pending").has("pending")).toBe(true);
  });

  test("is what the words say, and a test always", () => {
    expect(kindsOf("drift, brake")).toEqual(["drift", "brake", "test"]);
    expect(kindsOf("failed")).toEqual(["outcome", "test"]);
  });

  test("is said in words that there are", () => {
    expect(() => wantedIn("drfit")).toThrow('DLR_NOTIFY_ON has an unknown word: "drfit" (did you mean "drift"?)');
  });
});

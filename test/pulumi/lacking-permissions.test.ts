import { describe, expect, test } from "@jest/globals";
import type { PermissionAnswer } from "../../providers/domain/ports.ts";
import { lackingPermissions } from "../../providers/pulumi/program/lacking-permissions.ts";
import type { ResolvedRequest } from "../../providers/pulumi/program/resolved-request.ts";
import { begun, finished, sent } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { entryOf } from "../support/fakes-resolved.ts";

const MISSING: PermissionAnswer = { kind: "missing", permission: "Some.Permission.All", signIn: "./dlr login" };

function resolved(name: string, found: Parameters<typeof entryOf>[1] = {}): ResolvedRequest {
  return entryOf({ steps: UNLOCK_AND_WIPE, name }, found);
}

function permissions(answers: Readonly<Record<string, PermissionAnswer>>) {
  const asked: string[] = [];
  const permission = async ({ name }: { readonly name: string }): Promise<PermissionAnswer> => {
    asked.push(name);
    return answers[name] ?? { kind: "granted" };
  };
  return { asked, permission };
}

describe("what the tokens of a preview lack", () => {
  test("is told per request, with what up will do and what to type", async () => {
    const actions = permissions({ bypassActivationLock: MISSING, wipe: { ...MISSING, why: "the sign-in of anna has lapsed" } });

    const lacking = await lackingPermissions([resolved("one"), resolved("two")], actions);

    expect([...lacking.keys()]).toEqual(["one", "two"]);
    expect(lacking.get("one")?.split("\n")).toEqual([
      "bypassActivationLock, wipe: no token at hand has Some.Permission.All",
      "a preview does without; up stops before its first step unless it has another identity, or somebody signs in: ./dlr login (the sign-in of anna has lapsed)",
    ]);
    expect(actions.asked).toEqual(["bypassActivationLock", "wipe"]);
  });

  test("is nothing where they suffice or cannot be read", async () => {
    const lacking = await lackingPermissions([resolved("one")], permissions({ wipe: { kind: "unknown" } }));

    expect(lacking.size).toBe(0);
  });

  test("counts for steps that are left, and not for requests that have ended", async () => {
    const wiping = resolved("wiping", {
      records: [begun(jobOf(lifecycleRequest(UNLOCK_AND_WIPE)).plan), finished(0), ...sent(1), ...sent(2)],
    });
    const refused = resolved("refused", {
      records: [begun(jobOf(lifecycleRequest(UNLOCK_AND_WIPE)).plan), finished(0), ...sent(1, "signInRequired")],
    });
    const actions = permissions({ bypassActivationLock: MISSING });

    const lacking = await lackingPermissions([wiping, refused, resolved("ended", { isEnded: true })], actions);

    expect([...lacking.keys()]).toEqual(["refused"]);
  });

  test("is asked of nobody where nothing is left to send", async () => {
    const actions = permissions({});

    await lackingPermissions([resolved("ended", { isEnded: true })], actions);

    expect(actions.asked).toEqual([]);
  });
});

import { describe, expect, test } from "@jest/globals";
import { SignInError } from "../../providers/domain/errors.ts";
import { tokenTenant } from "../../providers/identity/token-tenant.ts";
import { jwt, opaqueTokens } from "../graph/graph-fixture.ts";

const A = "aaaaaaaa-0000-4000-8000-00000000000a";
const B = "bbbbbbbb-0000-4000-8000-00000000000b";

describe("the tenant that tokens are of", () => {
  test.each([
    ["the application's", jwt({ tid: A }), jwt({ tid: B }), A],
    ["the application's, in lower case", jwt({ tid: A.toUpperCase() }), null, A],
    ["the person's where there is no other", null, jwt({ tid: B }), B],
    ["not the person's where the application's cannot be read: devices are read with that one", "opaque", jwt({ tid: B }), null],
    ["none without a claim", jwt({ roles: [] }), null, null],
    ["none where the claim is no id", jwt({ tid: "contoso.example" }), null, null],
    ["none without a token", null, null, null],
  ])("is %s", async (_, application, delegated, expected) => {
    expect(await tokenTenant(opaqueTokens(application, delegated))).toBe(expected);
  });

  test("cannot be told where nobody could sign in, which is no failure of its own; a bug is", async () => {
    const failing = (error: Error) => ({ application: () => Promise.reject(error), delegated: async () => null });

    expect(await tokenTenant(failing(new SignInError("the secret was refused")))).toBeNull();
    await expect(tokenTenant(failing(new TypeError("a bug")))).rejects.toThrow("a bug");
  });
});

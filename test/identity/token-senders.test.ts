import { expect, test } from "@jest/globals";
import { SignInError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { parseAccessToken } from "../../providers/identity/access-token.ts";
import { tokenSenders } from "../../providers/identity/token-senders.ts";
import { jwt, opaqueTokens } from "../graph/graph-fixture.ts";

const APPLICATION = "AAAAAAAA-1111-4111-8111-111111111111";
const PERSON = "bbbbbbbb-2222-4222-8222-222222222222";
const token = (claims: Readonly<Record<string, unknown>>) => async () => parseAccessToken(new Redacted(jwt(claims)));
const none = async () => null;

test("an application sends as itself, and a person with an application, where there is no other", async () => {
  const claims = token({ appid: APPLICATION, oid: PERSON });
  const unasked = () => Promise.reject(new TypeError("a person's token was asked for"));

  expect(await tokenSenders({ application: claims, delegated: unasked })).toEqual([{ application: APPLICATION.toLowerCase(), user: null }]);
  expect(await tokenSenders({ application: none, delegated: claims })).toEqual([{ application: APPLICATION.toLowerCase(), user: PERSON }]);
});

test.each([
  ["a token that cannot be read", opaqueTokens("opaque", "opaque")],
  ["no token", { application: none, delegated: none }],
  ["an id that is none", { application: token({ appid: "x" }), delegated: none }],
  ["a sign-in that fails", { application: () => Promise.reject(new SignInError("lapsed")), delegated: none }],
])("nobody is known by %s", async (_, tokens) => {
  expect(await tokenSenders(tokens)).toEqual([]);
});

test("an error of ours is one", async () => {
  await expect(tokenSenders({ application: () => Promise.reject(new TypeError("broken")), delegated: none })).rejects.toThrow("broken");
});

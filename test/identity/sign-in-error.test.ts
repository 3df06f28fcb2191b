import { describe, expect, test } from "@jest/globals";
import { signInError } from "../../providers/identity/sign-in-error.ts";

describe("what the login service says by its number is told with what to do", () => {
  test.each([
    ["700024", /proof .* has expired.*sign in again/],
    ["900382", /another cloud/],
    ["900432", /another cloud/],
    ["530084", /conditional access/],
    ["7000112", /disabled the application/],
    ["90033", /again in some minutes/],
    ["50173", /^otherwise$/],
    ["999999", /^otherwise$/],
  ])("AADSTS%s", (number, hint) => {
    const error = signInError("no token", new Error("failed"), "otherwise", `AADSTS${number}: Something. Trace ID: 0`);

    expect(error.message).toBe(`no token: AADSTS${number}: Something.`);
    expect(error.hint).toMatch(hint);
  });

  test("a login that the Azure CLI lacks keeps the caller's command, and says where the service's words are", () => {
    const words = "Please run 'az login' from a command prompt to authenticate before using this credential.";

    const { hint } = signInError("no token", new Error(words), "type: az login --tenant T");

    expect(hint).toMatch(/^type: az login --tenant T; `az account get-access-token .*AADSTS/);
  });

  test("on whichever line a command wrote it", () => {
    const error = signInError(
      "no token",
      new Error("WARNING: old version\nERROR: AADSTS50173: The grant has expired. Trace ID: 0\n"),
      "./dlr login",
    );

    expect(error.message).toBe("no token: AADSTS50173: The grant has expired.");
    expect(error.hint).toBe("./dlr login");
  });
});

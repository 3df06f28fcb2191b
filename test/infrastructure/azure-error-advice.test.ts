import { expect, test } from "@jest/globals";
import { adviceFor } from "../../infrastructure/azure-error-advice.ts";

test("a refusal is answered by its code, however often it is printed", () => {
  const output = `
    error: Code="VaultAlreadyExists" Message="The vault name 'kv-devices' is already in use."
    error: autorest/azure: Service returned an error. Status=403 Code="AuthorizationFailed" Message="The client does not have authorization"
    error: Code="VaultAlreadyExists" Message="The vault name 'kv-devices' is already in use."`;

  expect(adviceFor(output)).toEqual([
    { code: "VaultAlreadyExists", text: expect.stringContaining("az keyvault list-deleted") },
    { code: "AuthorizationFailed", text: expect.stringContaining("Owner") },
  ]);
});

test("what is not known is left to Azure's own words", () => {
  expect(adviceFor("error: Code=SomethingNobodyKnows constructor hasOwnProperty")).toEqual([]);
});

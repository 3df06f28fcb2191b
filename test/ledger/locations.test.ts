import { describe, expect, test } from "@jest/globals";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { LEDGER_STORES, ledgerPlaceAt } from "../../providers/ledger/ledger-stores.ts";
import { testClock } from "../support/test-clock.ts";

const RULES = { root: "/project", blobSuffixes: ["blob.core.windows.net"], isLoopbackGraph: false };
const SUPPORTED =
  "write `file:FOLDER` or `https://ACCOUNT.blob.core.windows.net/CONTAINER`, for example `pulumi config set ledger file:ledger`";
const ADDRESS = "https://account.blob.core.windows.net/ledger";

describe("a ledger's place", () => {
  test("that is a folder is of one machine", () => {
    expect(ledgerPlaceAt("file:ledger", RULES)).toMatchObject({ noun: "a folder", isOfOneMachine: true });
  });

  test("that is a container is shared, and no run has the whole of it", async () => {
    const place = ledgerPlaceAt(ADDRESS, RULES);

    expect(place).toMatchObject({ noun: "a container", isOfOneMachine: false });
    await place.awaitFree(0, testClock());
  });

  test.each([
    ["ledger", 'the ledger "ledger" is of a kind that is not supported'],
    ["s3://bucket", 'the ledger "s3://bucket" is of a kind that is not supported'],
    ["file:", 'the ledger "file:" names no folder'],
    ["file://host/share", 'the ledger "file://host/share" names no folder'],
  ])("%j is refused with what to write", (text, message) => {
    let refused: unknown;
    try {
      ledgerPlaceAt(text, RULES);
    } catch (error) {
      refused = error;
    }

    expect(refused).toBeInstanceOf(ConfigurationError);
    expect(refused).toMatchObject({ message, hint: SUPPORTED });
  });

  test.each(["file:ledger", ADDRESS, "http://127.0.0.1:10000/a/b", "ledger", ""])("%j is of one store at most", (text) => {
    expect(LEDGER_STORES.filter((store) => store.claims(text)).length).toBeLessThanOrEqual(1);
  });
});

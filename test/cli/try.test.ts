import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { renderCall, renderReady } from "../../cli/try/render-try.ts";
import { writeTryFiles } from "../../cli/try/try-files.ts";
import type { RecordedRequest } from "../../emulator/graph/start-emulator.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const emulator = { url: "http://127.0.0.1:8787", devices: () => [] };

describe("what dlr try prints", () => {
  test.each([
    ["posix", "./dlr reveal try leeds-leaver-0042", "./dlr try --anew"],
    ["powershell", ".\\dlr reveal try leeds-leaver-0042", ".\\dlr try --anew"],
    ["cmd", "  dlr reveal try leeds-leaver-0042", "dlr try --anew"],
  ] as const)("are commands for %s", (shell, reveal, anew) => {
    const text = renderReady({ emulator, root: "/clone", written: null, begun: 2, shell });

    expect(text).toContain(reveal);
    expect(text).toContain(anew);
    expect(text.split("\n").filter((line) => line.length > 100 && !line.startsWith("the ledger"))).toEqual([]);
  });

  test("of a call is what it does to which device, and nothing of other calls", () => {
    const call = { at: Date.UTC(2026, 0, 1, 9, 8, 7), serialNumber: "A", kind: "action", action: "wipe", status: 403 } as RecordedRequest;

    expect(renderCall(call)).toBe("09:08:07  A  wipe → 403");
    expect(renderCall({ ...call, kind: "readCode", action: null, status: null })).toBe("09:08:07  A  the bypass code is read → no answer");
    expect(renderCall({ ...call, kind: "list" })).toBeNull();
  });
});

describe("the files of dlr try", () => {
  test("are a request that is good for thirty days, and its folders", async () => {
    const root = await temporaryFolder();

    const written = await writeTryFiles(root, Date.UTC(2026, 11, 15));

    expect(written).toBe("try/requests/leavers.yaml");
    expect(await readFile(path.join(root, "try/requests/leavers.yaml"), "utf8")).toContain("expires: 2027-01-14\n");
    expect(await readdir(path.join(root, "try/playbooks"))).toEqual([]);
  });

  test("leave alone what somebody has put there", async () => {
    const root = await temporaryFolder();
    await mkdir(path.join(root, "try/requests"), { recursive: true });
    await writeFile(path.join(root, "try/requests/mine.yaml"), "requests: []");

    expect(await writeTryFiles(root, 0)).toBeNull();
    expect(await readdir(path.join(root, "try/requests"))).toEqual(["mine.yaml"]);
  });
});

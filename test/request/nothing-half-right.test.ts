import { describe, expect, test } from "@jest/globals";
import { loadMarked } from "./marked-files.ts";

const request = (name: string, rest: string) => `  - name: ${name}
    reason: r
    ${rest}
`;

const SOUND = request("sound", "device: { serialNumber: SOUND1 }\n    playbook: escrow-bypass-code");

/** Names of what the loader gives out where one request is right and the other is not. */
async function namesBeside(wrong: string, files: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const { requests, diagnostics } = await loadMarked({ "requests/a.yaml": `requests:\n${SOUND}${wrong}`, ...files });
  expect(diagnostics.some(({ severity }) => severity === "error")).toBe(true);
  return requests.map(({ name }) => name);
}

describe("what has a mistake is never given out as a request", () => {
  test("a request with an unknown key", async () => {
    const wrong = request("wrong", "device: { serialNumber: WRONG1 }\n    playbook: escrow-bypass-code\n    expirs: 2099-12-31");

    expect(await namesBeside(wrong)).toEqual(["sound"]);
  });

  test("a list of which one row is wrong: none of its devices", async () => {
    const wrong = request("wrong", "devicesFrom: d.csv\n    playbook: escrow-bypass-code");

    expect(await namesBeside(wrong, { "requests/d.csv": "serialNumber\nRIGHT1\n000000\n" })).toEqual(["sound"]);
  });

  test("a request whose playbook has an unknown key", async () => {
    const wrong = request("wrong", "device: { serialNumber: WRONG1 }\n    playbook: mine");
    const playbook = "playbooks:\n  - name: mine\n    description: d\n    stps: []\n    steps: [escrowBypassCode]\n";

    expect(await namesBeside(wrong, { "playbooks/p.yaml": playbook })).toEqual(["sound"]);
  });
});

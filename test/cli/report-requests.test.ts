import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { periodOf } from "../../cli/report/period.ts";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import type { RequestRecord } from "../../providers/domain/request-record.ts";
import { writeAuditLine } from "../../providers/escrow/audit-file.ts";
import type { RequestsReport } from "../../report/requests/report.ts";
import { doneStory, of, revealed } from "../report/fakes-requests-report.ts";
import { NOW } from "../report/report-fixture.ts";
import { begun, outcome } from "../support/fakes-records.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { answering } from "./fake-stacks.ts";
import { FakeMachine } from "./fake-tools.ts";
import { SpawnedCommand } from "./spawned-command.ts";
import { ledgerPlace, run, STACK_TRACE } from "./store-commands.ts";

const RECORDS: readonly RequestRecord[] = [
  ...of("leaver", doneStory({ ticket: "INC-1", who: "anna" })),
  ...of("older", [begun(undefined, { at: "2026-10-02T10:00:00.000Z" }), outcome("failed", { at: "2026-10-02T10:05:00.000Z" })]),
];

async function ledger(records = RECORDS) {
  const place = await ledgerPlace();
  await place.write(records);
  const audit = path.join(await temporaryFolder(), "escrow");
  const report = (...args: string[]) => run("report", ["requests", "--ledger", place.place, "--audit", audit, ...args]);
  return { ...place, audit, report };
}

describe("dlr report requests", () => {
  test("says where it is, then what was done; it records nothing", async () => {
    const { report, place, folder, audit } = await ledger();
    await writeAuditLine(audit, "/", revealed());
    const before = await readFile(path.join(folder, "ledger.jsonl"), "utf8");

    const ended = await report("--month", "2026-11");

    expect(ended).toMatchObject({ code: 0, stderr: `ledger ${place} · brake off\n` });
    expect(ended.stdout).toMatch(
      /^1 request, 2026-11: 1 done\ndone after 10 minutes \(median\), the slowest after 10 minutes\nsecrets shown: 1\n\nREQUEST /,
    );
    expect(ended.stdout).toMatch(/^leaver .* INC-1 {3}anna /m);
    expect(ended.stdout).toContain("activationLockBypassCode of leaver#1 shown to anna\n");
    expect(await readFile(path.join(folder, "ledger.jsonl"), "utf8")).toBe(before);
  });

  test.each<[readonly string[], readonly string[], number]>([
    [[], ["leaver", "older"], 2],
    [["--month", "2026-10"], ["older"], 1],
    [["--month", "2026-12"], [], 0],
    [["--since", "2026-11-20"], ["leaver"], 1],
    [["--until", "2026-10-02"], ["older"], 1],
    [["--until", "2026-10-02T10:00:00Z"], [], 0],
    [["--outcome", "failed,ambiguous"], ["older"], 2],
    [["--person", "anna"], ["leaver"], 2],
    [["--ticket", "inc-1", "--playbook", "wipe"], [], 2],
  ])("%j shows %j", async (args, names, total) => {
    const { report } = await ledger();

    const ended = await report("--format", "json", ...args);

    const data = JSON.parse(ended.stdout) as RequestsReport;
    expect(data.requests.map(({ name }) => name)).toEqual(names);
    expect(data.totals.requests).toBe(total);
    expect(ended.code).toBe(0);
  });

  test("writes each format to a file, and the totals to the terminal", async () => {
    const { report } = await ledger();
    const folder = await temporaryFolder();

    const ended = await Promise.all(
      ["html", "csv", "md"].map((ending) => report("--month", "2026-11", "--timeline", "--out", path.join(folder, `r.${ending}`))),
    );

    expect(ended.map(({ code, stdout }) => [code, stdout])).toEqual([0, 0, 0].map((code) => [code, ""]));
    expect(ended[0]?.stderr).toContain("1 request, 2026-11: 1 done\n");
    expect(await readFile(path.join(folder, "r.html"), "utf8")).toContain("<h1>Requests</h1>");
    expect(await readFile(path.join(folder, "r.csv"), "utf8")).toMatch(/^\ufeff"name","generation","serialNumber","at","event"/);
    expect(await readFile(path.join(folder, "r.md"), "utf8")).toContain("- `2026-11-20T12:00:00.000Z` `begun: wipe`\n");
  });

  test("says that nobody knows who was shown a secret where there is no file of that, and counts lines that are none", async () => {
    const { report, audit } = await ledger();

    const without = await report();
    await mkdir(audit);
    await writeFile(
      path.join(audit, "audit.jsonl"),
      `${JSON.stringify(revealed())}\n{"at":"2026-11-2\n[]\n${JSON.stringify({ ...revealed(), action: "read" })}\n`,
      { mode: 0o600 },
    );
    const torn = await report();

    expect(without.stdout).toContain(`secrets shown: not known, there is no ${audit}/audit.jsonl\n`);
    expect(torn.stdout).toContain(`secrets shown: 1; 3 lines of ${audit}/audit.jsonl cannot be read\n`);
  });

  test("takes the escrow folder of the stack for the file of reveals, and the folder escrow for a Key Vault", async () => {
    const { place, audit } = await ledger();
    await writeAuditLine(audit, "/", revealed());
    const machine = await FakeMachine.create();
    const stacks = {
      prod: { "device-lifecycle:ledger": place, "device-lifecycle:escrow": `file:${audit}` },
      vault: { "device-lifecycle:ledger": place, "device-lifecycle:escrow": "https://contoso.vault.azure.net" },
    };
    await machine.pulumi("3.255.0", answering({ stacks }));
    const report = (stack: string) => new SpawnedCommand("report", ["requests", stack, "--format", "json"], machine.env).ended;

    const [folder, vault] = await Promise.all([report("prod"), report("vault")]);

    expect(folder.stderr).toMatch(/^stack prod · ledger file:.* · Microsoft \(global\) · brake off\n/);
    expect(JSON.parse(folder.stdout)).toMatchObject({
      revealsFrom: `${audit}/audit.jsonl`,
      reveals: [{ who: "anna", request: "leaver#1" }],
    });
    expect(JSON.parse(vault.stdout)).toMatchObject({ revealsFrom: expect.stringMatching(/\/escrow\/audit\.jsonl$/) });
  });

  test("says what is wrong with what it is asked", async () => {
    const { report, audit } = await ledger();

    const ended = await Promise.all([
      report("--month", "2026-13"),
      report("--month", "2026-11", "--since", "7d"),
      report("--since", "2026-02-31"),
      report("--since", "2026-11-02", "--until", "2026-11-01"),
      report("--outcome", "fine"),
      report("--out", "/no/such/folder/report.csv"),
    ]);
    await mkdir(path.dirname(audit), { recursive: true });
    await symlink("/tmp", audit);
    const astray = await report();
    const missing = await run("report", ["requests", "--ledger", "file:/no/such/ledger"]);

    expect(ended.map(({ code, stdout }) => [code, stdout])).toEqual(ended.map(() => [2, ""]));
    expect(ended[0]?.stderr).toContain('error: --month "2026-13" is no month');
    expect(ended[1]?.stderr).toContain("error: --month is a whole month: say it without --since");
    expect(ended[2]?.stderr).toContain('error: --since "2026-02-31" is no time');
    expect(ended[3]?.stderr).toContain("error: --until 2026-11-01 is before --since 2026-11-02");
    expect(ended[4]?.stderr).toContain("It must be ambiguous, failed, expired,");
    expect(ended[5]?.stderr).toContain("error: cannot write /no/such/folder/report.csv: ENOENT");
    expect(astray).toMatchObject({ code: 3, stderr: expect.stringContaining("is a symbolic link") });
    expect(missing).toMatchObject({ code: 3, stderr: expect.stringContaining("there is no ledger") });
    for (const { stderr } of ended) expect(stderr).not.toMatch(STACK_TRACE);
  });
});

test.each<[Parameters<typeof periodOf>[0], string | null, string | null, string]>([
  [{}, null, null, "all that the ledger has"],
  [{ month: "2026-12" }, "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z", "2026-12"],
  [{ month: "2024-02" }, "2024-02-01T00:00:00.000Z", "2024-03-01T00:00:00.000Z", "2024-02"],
  [{ since: "1d", until: "2h" }, "2026-11-26T12:00:00.000Z", "2026-11-27T10:00:00.000Z", "since 1d until 2h"],
  [
    { since: "2026-11-01", until: "2026-11-01" },
    "2026-11-01T00:00:00.000Z",
    "2026-11-02T00:00:00.000Z",
    "since 2026-11-01 until 2026-11-01",
  ],
  [{ until: "2026-11-01T10:00:00Z" }, null, "2026-11-01T10:00:00.000Z", "until 2026-11-01T10:00:00Z"],
])("%j is from %s up to %s", (options, from, until, text) => {
  expect(periodOf(options, NOW)).toEqual({ from, until, text });
});

test.each(["2026-1", "2026-00", "26-11", "november", "2026-11-01"])("%s is no month", (month) => {
  expect(() => periodOf({ month }, NOW)).toThrow(ConfigurationError);
});

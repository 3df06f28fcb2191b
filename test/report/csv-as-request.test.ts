import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { loadRequests } from "../../providers/request/load-requests.ts";
import { lockCsv } from "../../report/activation-lock/lock-csv.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { lockDevice, reportOf } from "./fakes-report.ts";

test("the devices of a CSV report are what a request with devicesFrom reads", async () => {
  const root = await temporaryFolder();
  await mkdir(path.join(root, "requests"));
  const devices = ["DMPXK2ABCDEF", "DMPXK2GHJKLM"].map((serialNumber, index) =>
    lockDevice({ serialNumber, id: `a1b2c3d4-0000-4000-8000-00000000000${index}`, deviceName: 'Jörg\'s, "iPad"' }),
  );
  await writeFile(path.join(root, "requests", "report.csv"), lockCsv(reportOf(devices)));
  const request = "  - { name: escrow-now, devicesFrom: report.csv, playbook: escrow-bypass-code, reason: Before the summer refresh }";
  await writeFile(path.join(root, "requests", "all.yaml"), `requests:\n${request}\n`);

  const loaded = await loadRequests({ root, requests: "requests", playbooks: "playbooks" });

  expect(loaded.diagnostics).toEqual([]);
  expect(loaded.requests.map(({ device }) => device)).toEqual([{ serialNumber: "DMPXK2ABCDEF" }, { serialNumber: "DMPXK2GHJKLM" }]);
});

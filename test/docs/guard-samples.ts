import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { DiagnosticCode } from "../../providers/domain/diagnostic-codes.ts";
import { GraphReadError, ProductError } from "../../providers/domain/errors.ts";
import type { LedgerContents } from "../../providers/domain/ports.ts";
import { usableRecipients } from "../../providers/escrow/file/usable-recipients.ts";
import { watchSettings } from "../../providers/pulumi/program/watch-settings.ts";
import { runStores } from "../../providers/pulumi/run-stores.ts";
import { judgeForeign, stopFinding } from "../../providers/rules/audit/judge-foreign.ts";
import { refuseVanishedLedger } from "../../providers/rules/known-ledger-rules.ts";
import type { Finding } from "../../providers/rules/rule.ts";
import { compareSettings, safetyOf } from "../../providers/rules/safety-settings.ts";
import { judgeUnreadable } from "../../providers/rules/selection-rules.ts";
import { storeProblems } from "../../providers/rules/store-rules.ts";
import { meetWorld, tenantOf } from "../../providers/rules/world-rules.ts";
import { audited, factsOf } from "../support/fakes-audit.ts";
import { IPAD } from "../support/fakes-devices.ts";
import { settings } from "../support/fakes-pulumi.ts";
import { AT, begun } from "../support/fakes-records.ts";
import { jobOf, lifecycleRequest } from "../support/fakes-requests.ts";
import { entryOf, type Folder, refusalsOf, request } from "../support/fakes-resolved.ts";
import { contentsOf } from "../support/ledger-contents.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const GRAPH = "https://graph.microsoft.com";
const [OURS, THEIRS] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"] as const;
const PLACE = "https://stdevices.blob.core.windows.net/ledger";
const LEDGER: LedgerContents = contentsOf({ kind: "created", version: 2, at: AT });
const RUN = { at: AT, ci: null, followOnly: false };
const FACTS = { graph: GRAPH, recipients: "2 with proven keys" };
const IN_AZURE = settings({ escrow: "https://kv-devices.vault.azure.net", ledger: PLACE });
const WIPE = entryOf({ steps: ["escrowBypassCode", "wipe"] });
const SYNC = { device: { serialNumber: IPAD.serialNumber ?? "" } };

/** What the program says where it refuses one of these requests. */
async function refusal(code: DiagnosticCode, folder: Folder): Promise<Finding> {
  const found = (await refusalsOf(folder)).find((diagnostic) => diagnostic.code === code);
  if (found === undefined) throw new Error(`nothing was refused as ${code}`);
  return { message: found.message, hint: found.hint ?? "" };
}

async function errorOf(work: () => unknown): Promise<Finding> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ProductError) return { message: error.message, hint: error.hint };
  }
  throw new Error("nothing was refused");
}

function only(problems: readonly ProductError[]): Finding {
  const [problem] = problems;
  if (problem === undefined) throw new Error("nothing was refused");
  return { message: problem.message, hint: problem.hint };
}

function changed(): Finding {
  const safety = (maxDestructive: number) => safetyOf(settings({ ...IN_AZURE, maxDestructive }), { ...FACTS, ledger: PLACE });
  return { message: compareSettings(safety(5), safety(500), RUN).hold ?? "", hint: "nothing was sent" };
}

function swapped(): Finding {
  const run = { settings: IN_AZURE, facts: FACTS, ledger: LEDGER, entries: [WIPE], run: RUN, isPreview: false };
  const { hold } = watchSettings({ ...run, state: { ledger: `file:ledger, made ${AT}` } });
  return { message: hold ?? "", hint: "nothing was sent" };
}

/** What a run says that sets the brake. */
function foreignLimit(): Finding {
  const portal = (event: string) => ({ action: audited({ event, at: AT }), explanation: { kind: "foreign" } }) as const;
  const look = { kind: "seen", source: "auditEvents", actions: [], until: Date.parse(AT), incomplete: null } as const;
  const { stop } = judgeForeign(["e1", "e2", "e3"].map(portal), look, factsOf(), 2);
  return stopFinding(stop ?? { reason: "" }, "prod");
}

async function unproven(): Promise<Finding> {
  const root = await temporaryFolder();
  const folder = path.join(root, "escrow");
  await mkdir(folder, { mode: 0o700 });
  await writeFile(path.join(folder, "recipients.txt"), "# Anna\nage1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq\n", {
    mode: 0o600,
  });
  const { message, hint } = await errorOf(() => usableRecipients(folder, root, false));
  return { message: message.replaceAll(folder, "escrow"), hint: hint.replaceAll(folder, "escrow") };
}

const meeting = (ledger: string, run: string | null) =>
  meetWorld([{ kind: "world", at: AT, graph: GRAPH, tenant: ledger }], { graph: GRAPH, tenant: run }, PLACE, AT);

/** What is said where no rule of a request's own stands behind it, by the guard's id. */
export const GUARD_FINDINGS: Readonly<Record<string, () => Finding | Promise<Finding>>> = {
  "no-ledger": () => only(storeProblems([WIPE], runStores(settings()), { exists: false }, {})),
  "folders-in-ci": () => only(storeProblems([WIPE], runStores(settings()), { exists: true }, { CI: "true" })),
  "shards-over-a-folder": () => only(storeProblems([], runStores(settings({ shard: { index: 1, of: 4 } })), { exists: true }, {})),
  "unproven-recipients": unproven,
  "vanished-ledger": () =>
    errorOf(() => refuseVanishedLedger({ requests: [{ key: "leeds-leaver-0042#1", calls: [] }], ledger: undefined }, LEDGER, PLACE)),
  "swapped-ledger": swapped,
  "another-world": () => errorOf(() => meeting(THEIRS, OURS)),
  "two-tenants": () => errorOf(() => tenantOf(OURS, THEIRS)),
  "unknown-tenant": () => ({ message: meeting(OURS, null).doubt ?? "", hint: "nothing was sent" }),
  "foreign-limit": foreignLimit,
  "changed-settings": changed,
  "no-device": () => refusal("DLR301", { requests: [request(["syncDevice"], SYNC)], devices: [] }),
  "several-devices": () =>
    refusal("DLR302", {
      requests: [request(["syncDevice"], SYNC)],
      devices: [IPAD, { ...IPAD, id: "00000000-0000-4000-8000-0000000000aa", lastSyncDateTime: null }],
    }),
  "unreadable-device": () =>
    judgeUnreadable(SYNC.device, new GraphReadError("Graph did not give the device: 500 (Internal Server Error)", { status: 500 })),
  "same-device": () =>
    refusal("DLR205", {
      requests: [request(["escrowBypassCode", "wipe"]), request(["escrowBypassCode", "retire"], { name: "leeds-ipad-0042", ...SYNC })],
    }),
  "frozen-plan": () =>
    refusal("DLR401", {
      requests: [request(["escrowBypassCode", "retire"])],
      records: [begun(jobOf(lifecycleRequest(["escrowBypassCode", "wipe"])).plan)],
    }),
};

import { AUDIT_PERMISSION } from "../../domain/audit-log.ts";
import { printable } from "../../domain/diagnostic.ts";
import { EXIT_CODES } from "../../domain/errors.ts";
import { requestNameOf } from "../../domain/request.ts";
import { describeForeign, stopFinding } from "../../rules/audit/judge-foreign.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { count } from "../../support/words.ts";
import type { Settings } from "../settings.ts";
import { tellExit } from "../tell-exit.ts";
import { type GuardedRun, warn } from "./guard-run.ts";
import { type AuditOfRun, reliesOnAudit } from "./look-at-audit.ts";
import type { AuditRecorded } from "./record-audit.ts";

/**
 * More than these are told in one number: `dlr audit` has them all. A preview's warnings stand in a
 * comment of ten.
 */
const SHOWN = { preview: 5, up: 20 };

/** Tells people what others did, one line each; in a preview, what `up` would do about it. */
export async function tellAudit(
  audit: AuditOfRun,
  recorded: AuditRecorded | null,
  run: Pick<GuardedRun, "settings" | "draft" | "host">,
): Promise<void> {
  const { settings, host } = run;
  const stop = recorded?.brake === "stood" ? null : audit.foreign.stop;
  if (recorded === null && stop !== null) {
    const { hint } = stopFinding(stop, settings.stack);
    await warn(printable(`up sets the brake: ${stop.reason}; nothing more is sent then; ${hint}`), run);
  }
  for (const text of linesOf(audit, settings, recorded === null ? "preview" : "up")) await warn(printable(text), run);
  if (recorded === null || stop === null) return;
  const { message, hint } = stopFinding(stop, settings.stack);
  process.exitCode = 1;
  tellExit(EXIT_CODES.outcome);
  await host.error(printable(`${message}; ${hint}`));
}

/** Pure; in the order in which people should read them. */
export function linesOf(
  { reading, foreign: { fresh }, shown, contradicted }: AuditOfRun,
  settings: Settings,
  run: keyof typeof SHOWN,
): readonly string[] {
  if (reading === null) return [];
  const relies = reliesOnAudit(settings);
  const held = relies ? "; what destroys data is held, since foreignLimit or countForeign relies on it" : "";
  if (reading.kind === "unreadable")
    return [`what others do to devices cannot be seen: ${reading.why}; ${AUDIT_PERMISSION} (application) permits it${held}`];
  const partly = reading.incomplete === null ? [] : [`not all of what others did to devices could be read: ${reading.incomplete}${held}`];
  const told = fresh.slice(0, SHOWN[run]).map((action) => `no request explains this: ${describeForeign(action)}`);
  const rest =
    fresh.length > SHOWN[run]
      ? [`and ${fresh.length - SHOWN[run]} more that no request explains: ${dlrCommand("audit", settings.stack)}`]
      : [];
  const less =
    fresh.length > 0 && reading.source === "remoteActionAudits"
      ? [`${count(fresh.length, "action")} of others told by a list that names no application: ${AUDIT_PERMISSION} shows it`]
      : [];
  const settled = shown.map(
    ({ intent, action }) =>
      `${requestNameOf(intent.key)}: Intune's audit log shows that ${action.action} was taken (event ${action.event}); it is in doubt no more`,
  );
  const wrong = contradicted.map(
    ({ intent, action }) =>
      `${requestNameOf(intent.key)}: ${action.action} was settled as not taken, and Intune's audit log shows it as taken (event ${action.event}): up would send it a second time; look at the device first, and take the request out of the files where it was done`,
  );
  return [...wrong, ...partly, ...told, ...rest, ...less, ...settled];
}

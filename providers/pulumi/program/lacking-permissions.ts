import { findRemoteAction, type RemoteAction } from "../../domain/actions/action-table.ts";
import { printable } from "../../domain/diagnostic.ts";
import type { DeviceActions, PermissionAnswer } from "../../domain/ports.ts";
import { stepsToSend } from "./check-requests.ts";
import type { ResolvedRequest } from "./resolved-request.ts";

/**
 * What the tokens at hand lack for what is left to send, as a warning by request's name. A preview
 * with an identity that only reads is as it should be; that the run which follows needs another one
 * is said where the reviewer looks. Each action is asked about once.
 */
export async function lackingPermissions(
  requests: readonly ResolvedRequest[],
  actions: Pick<DeviceActions, "permission">,
): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, PermissionAnswer>();
  const warnings = new Map<string, string>();
  for (const entry of requests) {
    const wanted = actionsLeft(entry);
    for (const action of wanted) if (!answers.has(action.name)) answers.set(action.name, await actions.permission(action));
    const missing = wanted.flatMap(({ name }) => missingOf(name, answers.get(name)));
    if (missing.length > 0) warnings.set(entry.request.name, renderMissing(missing));
  }
  return warnings;
}

interface Missing {
  readonly action: string;
  readonly answer: Extract<PermissionAnswer, { kind: "missing" }>;
}

function missingOf(action: string, answer: PermissionAnswer | undefined): Missing[] {
  return answer?.kind === "missing" ? [{ action, answer }] : [];
}

function actionsLeft(entry: ResolvedRequest): readonly RemoteAction[] {
  const left = stepsToSend(entry).map((step) => findRemoteAction(step.action));
  return [...new Set(left.filter((action) => action !== undefined))];
}

function renderMissing(missing: readonly Missing[]): string {
  const byPermission = Map.groupBy(missing, ({ answer }) => answer.permission);
  const lines = [...byPermission].map(
    ([permission, ofIt]) => `${ofIt.map(({ action }) => action).join(", ")}: no token at hand has ${permission}`,
  );
  const signIn = [...new Set(missing.map(({ answer }) => answer.signIn))].join(" or ");
  const why = [...new Set(missing.flatMap(({ answer }) => (answer.why === undefined ? [] : [answer.why])))].join("; ");
  return [
    ...lines,
    `a preview does without; up stops before its first step unless it has another identity, or somebody signs in: ${signIn}${why === "" ? "" : ` (${why})`}`,
  ]
    .map(printable)
    .join("\n");
}

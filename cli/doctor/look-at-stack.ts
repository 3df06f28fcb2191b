import { existsSync } from "node:fs";
import path from "node:path";
import type { Settings } from "../../providers/pulumi/settings.ts";
import { type LoadedRequests, loadRequests } from "../../providers/request/load-requests.ts";
import { dlrCommand, type Shell } from "../../providers/support/dlr-command.ts";
import { count } from "../../providers/support/words.ts";
import type { PulumiCommand } from "../pulumi/ask-pulumi.ts";
import { backendUrl } from "../pulumi/backend-choice.ts";
import { tornError } from "../pulumi/recovery/refuse-torn.ts";
import { stacksOf } from "../support/make-stack.ts";
import { isSameStack, type StackSettings } from "../support/stack-settings.ts";
import { type Finding, missing, ok, unknown } from "./row.ts";

/** Where state is kept, and that it answers. */
export async function lookAtBackend(pulumi: PulumiCommand): Promise<Finding> {
  const names = await stacksOf(pulumi);
  return ok(`${backendUrl(pulumi.env, pulumi.root) ?? "as Pulumi is logged in"} has ${count(names.length, "stack")}`);
}

/** Whether the stack is there, with a state that can be read. */
export async function lookAtStackItself(pulumi: PulumiCommand, stack: string | null, init: string): Promise<Finding> {
  if (stack === null) return missing("none is named, and none is selected", init);
  const names = await stacksOf(pulumi);
  if (!names.some((name) => isSameStack(name, stack))) return missing(`there is no stack ${stack}`, init);
  const torn = await tornError(stack, pulumi);
  return torn === null ? ok(stack) : missing(torn.message, torn.hint);
}

/** Whether every setting can be seen; whether each is right is told by their check. */
export function lookAtSettings({ values, unseen }: StackSettings): Finding {
  if (unseen.keys.length > 0) return unknown(`secrets that cannot be opened here: ${unseen.keys.join(", ")}${unseen.why}`);
  return ok(count(Object.keys(values).length, "setting"));
}

/** Reads requests and playbooks; null where their folder is not there. */
export async function requestsOf({ requests, playbooks }: Settings, root: string): Promise<LoadedRequests | null> {
  return existsSync(path.resolve(root, requests)) ? await loadRequests({ root, requests, playbooks }) : null;
}

/** Whether the requests can be read without a mistake. */
export function lookAtRequests(loaded: LoadedRequests | null, folder: string, shell: Shell): Finding {
  const validate = dlrCommand("validate", undefined, folder === DEFAULT_FOLDER ? [] : [folder], shell);
  if (loaded === null) return missing(`there is no folder ${folder}`, "make it, and put a request there: devices/requests/README.md");
  const mistakes = loaded.diagnostics.filter(({ severity }) => severity === "error").length;
  if (mistakes > 0) return missing(`${count(mistakes, "mistake")} in ${folder}`, validate);
  return ok(`${count(loaded.requests.length, "request")} in ${folder}`);
}

const DEFAULT_FOLDER = "devices/requests";

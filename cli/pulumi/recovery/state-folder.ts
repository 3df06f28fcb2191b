import { fileURLToPath } from "node:url";
import { PROJECT } from "../../../providers/domain/project.ts";
import type { PulumiCommand } from "../ask-pulumi.ts";
import { backendUrl } from "../backend-choice.ts";

/** `organization/PROJECT/NAME`, as folders and files of a file backend are named. */
export interface StackPlace {
  readonly project: string;
  readonly name: string;
}

/** The folder of a file backend; null for any other. */
export function stateFolder({ env, root }: Pick<PulumiCommand, "env" | "root">): string | null {
  // Behind a question mark stands how Pulumi writes there: `file://~?metadata=skip`.
  const [url = ""] = (backendUrl(env, root) ?? "").split("?");
  const home = /^file:\/\/~(\/.*)?$/.exec(url);
  if (home !== null) return `${env.HOME ?? ""}${home[1] ?? ""}`;
  const parsed = URL.parse(url);
  if (parsed?.protocol !== "file:" || parsed.host !== "") return null;
  return fileURLToPath(`file://${parsed.pathname}`);
}

/** `ORGANIZATION/PROJECT/NAME` and `ORGANIZATION/NAME` may stand for `NAME`. */
export function placeOf(stack: string): StackPlace {
  const parts = stack.split("/");
  return { project: parts.length === 3 ? (parts[1] ?? PROJECT) : PROJECT, name: parts.at(-1) ?? stack };
}

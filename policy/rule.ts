import type { PolicyConfigSchema } from "@pulumi/policy";
import type { RequestInputs } from "./request-inputs.ts";

/** What a rule may know beside the request and its own settings. */
export interface RunFacts {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly isPreview: boolean;
  /** New requests that destroy data, by name, in the order in which the engine showed them. */
  readonly destroying: readonly string[];
  /** Who wrote a request, by the names of the CI service; nobody where one of them is not known. */
  readonly authorsOf: (request: string) => readonly string[];
  /** Who approved it, by the same kind of names; empty where nobody did. */
  readonly approvers: readonly string[];
}

/** A rule over one request. */
export interface RequestRule<Settings> {
  /** Stable name, in kebab-case: the key of its settings. */
  readonly name: string;
  readonly description: string;
  readonly settings: PolicyConfigSchema;
  /** One sentence per violation; none where the request keeps to the rule. */
  readonly judge: (request: RequestInputs, settings: Settings, run: RunFacts) => readonly string[];
}

/** Which requests a rule is about. */
export type About = "destructive" | "all";

/** The setting `about` of several rules. */
export const ABOUT: PolicyConfigSchema["properties"][string] = {
  type: "string",
  enum: ["destructive", "all"],
  default: "destructive",
  description: "Requests that destroy data, or all of them",
};

/** True where the rule is about the request. */
export function isAbout(about: About, request: RequestInputs): boolean {
  return about === "all" || request.destructive;
}

import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../..");
export const FORM = ".github/ISSUE_TEMPLATE/device-request.yml";
export const LABEL = "device-lifecycle/accepted";
export const COMMIT = "2222222222222222222222222222222222222222";
export const BRANCH = "device-request/17";
/** What GitHub would replace by the token, were it in a workflow. */
export const EXPRESSION = ["$", "{{ github.token }}"].join("");
const WIPE = "unlock-and-wipe: Escrow the bypass code, take the Activation Lock off, erase the device";
export const BOXES = [
  "dataLoss: data on the device will be lost",
  "physicalPossession: you hold the device in your hands",
  "personalDevice: the company does not own the device",
  "noBypassCode: the device may stay locked",
];

/** What somebody answered; what is absent was left empty. */
export interface Filled {
  readonly serials?: string;
  readonly playbook?: string;
  readonly reason?: string;
  readonly ticket?: string;
  readonly expires?: string;
  readonly ticked?: readonly string[];
}

/** As GitHub renders a form that was filled in. */
export function bodyOf({
  serials = "DMPXK2ABCDEF",
  playbook = WIPE,
  reason = "Leaver returned the iPad",
  ticket,
  expires = "2099-12-31",
  ticked = ["dataLoss", "physicalPossession"],
}: Filled = {}): string {
  const boxes = BOXES.map((box) => `- [${ticked.some((word) => box.startsWith(`${word}:`)) ? "X" : " "}] ${box}`).join("\n");
  const answers = [
    ["Serial numbers", serials],
    ["What is to be done", playbook],
    ["Why", reason],
    ["Ticket", ticket ?? "_No response_"],
    ["Until when", expires === "" ? "_No response_" : expires],
    ["What you know", boxes],
  ];
  return answers.map(([label, text]) => `### ${label}\n\n${text}`).join("\n\n");
}

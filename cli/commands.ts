import type { Command } from "commander";

/** What people look for, in the order in which help lists it. */
export const GROUPS = {
  requests: { title: "Requests", example: "dlr preview prod" },
  devices: { title: "When something is wrong", example: 'dlr stop prod "stolen list"' },
  people: { title: "Secrets and people", example: "dlr reveal prod DMPXK2ABCDEF" },
  setUp: { title: "Set-up", example: "dlr init prod" },
  trying: { title: "Trying it out", example: "dlr try" },
} as const;

/** One command, as dispatch, help and completion know it. */
export interface CommandEntry {
  readonly name: string;
  /** Null for what is not listed in help. */
  readonly group: keyof typeof GROUPS | null;
  /** Its words, as help shows them behind the name. */
  readonly words: string;
  readonly summary: string;
  /** `args`: as they were typed, for commands that hand them on. */
  readonly load: (args: readonly string[]) => Promise<Command>;
}

/**
 * Every command there is. Each is loaded when it is asked for: most of a short command's time
 * goes into loading.
 */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "validate",
    group: "requests",
    words: "[FOLDER]",
    summary: "check requests and playbooks, without Graph",
    load: async () => (await import("./validate.ts")).validateCommand(),
  },
  {
    name: "preview",
    group: "requests",
    words: "[STACK]",
    summary: "show what the requests would do",
    load: async (args) => (await import("./preview.ts")).previewCommand(args),
  },
  {
    name: "up",
    group: "requests",
    words: "[STACK]",
    summary: "perform the requests",
    load: async (args) => (await import("./up.ts")).upCommand(args),
  },
  {
    name: "status",
    group: "requests",
    words: "[STACK] [NAME]",
    summary: "how each request stands, without Graph",
    load: async () => (await import("./status.ts")).statusCommand(),
  },
  {
    name: "drift",
    group: "requests",
    words: "[STACK]",
    summary: "which devices are not as requests left them",
    load: async () => (await import("./drift.ts")).driftCommand(),
  },
  {
    name: "report",
    group: "requests",
    words: "KIND [STACK]",
    summary: "requests: what was done; activation-lock",
    load: async () => (await import("./report.ts")).reportCommand(),
  },
  {
    name: "adopt",
    group: "requests",
    words: "FILE",
    summary: "a request from an exported list, or a form",
    load: async () => (await import("./adopt.ts")).adoptCommand(),
  },
  {
    name: "archive",
    group: "requests",
    words: "[STACK]",
    summary: "move what finished long ago out of the files",
    load: async () => (await import("./archive.ts")).archiveCommand(),
  },
  {
    name: "preview-comment",
    group: "requests",
    words: "",
    summary: "a preview as a pull request's comment",
    load: async () => (await import("./preview-comment.ts")).previewCommentCommand(),
  },
  {
    name: "outcome-comment",
    group: "requests",
    words: "[STACK]",
    summary: "how requests ended, on their pull requests",
    load: async () => (await import("./outcome-comment.ts")).outcomeCommentCommand(),
  },
  {
    name: "people",
    group: "requests",
    words: "authors|approvers",
    summary: "who wrote requests, and who approved them",
    load: async () => (await import("./people.ts")).peopleCommand(),
  },
  {
    name: "notify",
    group: "requests",
    words: "--run FILE",
    summary: "tell webhook, Teams and Slack of a run",
    load: async () => (await import("./notify.ts")).notifyCommand(),
  },
  {
    name: "ledger",
    group: "devices",
    words: "show|verify [STACK]",
    summary: "what was sent, by whom and why",
    load: async () => (await import("./ledger.ts")).ledgerCommand(),
  },
  {
    name: "audit",
    group: "devices",
    words: "[STACK]",
    summary: "what others did, past the product",
    load: async () => (await import("./audit.ts")).auditCommand(),
  },
  {
    name: "settle",
    group: "devices",
    words: "[STACK] NAME",
    summary: "decide about a step that is in doubt",
    load: async () => (await import("./settle.ts")).settleCommand(),
  },
  {
    name: "stop",
    group: "devices",
    words: "[STACK] REASON",
    summary: "set the brake: nothing more is sent",
    load: async () => (await import("./stop.ts")).stopCommand(),
  },
  {
    name: "resume",
    group: "devices",
    words: "[STACK] [STOP]",
    summary: "take a stop away",
    load: async () => (await import("./resume.ts")).resumeCommand(),
  },
  {
    name: "reveal",
    group: "people",
    words: "[STACK] WHAT",
    summary: "show one escrowed code to its reader",
    load: async () => (await import("./reveal.ts")).revealCommand(),
  },
  {
    name: "recipients",
    group: "people",
    words: "list|add|…",
    summary: "who can read what a folder escrows",
    load: async () => (await import("./recipients.ts")).recipientsCommand(),
  },
  {
    name: "login",
    group: "people",
    words: "",
    summary: "sign a person in to Microsoft Graph",
    load: async () => (await import("./login.ts")).loginCommand(),
  },
  {
    name: "init",
    group: "setUp",
    words: "STACK",
    summary: "make a stack for real devices",
    load: async () => (await import("./init.ts")).initCommand(),
  },
  {
    name: "doctor",
    group: "setUp",
    words: "[STACK]",
    summary: "what a stack needs: ok, missing or unknown",
    load: async () => (await import("./doctor.ts")).doctorCommand(),
  },
  {
    name: "setup-azure",
    group: "setUp",
    words: "",
    summary: "make vault, storage and identities in Azure",
    load: async () => (await import("./setup-azure.ts")).setupAzure(),
  },
  {
    name: "pulumi",
    group: "setUp",
    words: "ARGS…",
    summary: "Pulumi itself: stacks, settings, state",
    load: async (args) => (await import("./pulumi.ts")).pulumiCommand(args),
  },
  {
    name: "completion",
    group: "setUp",
    words: "SHELL",
    summary: "complete commands in bash, zsh, fish, pwsh",
    load: async () => (await import("./completion.ts")).completionCommand(),
  },
  {
    name: "try",
    group: "trying",
    words: "",
    summary: "a stack, a request and emulated devices",
    load: async () => (await import("./try.ts")).tryCommand(),
  },
  {
    name: "demo",
    group: "trying",
    words: "",
    summary: "the main job, on emulated devices",
    load: async () => (await import("./demo.ts")).demoCommand(),
  },
  {
    name: "emulator",
    group: "trying",
    words: "",
    summary: "a double of Graph on this machine",
    load: async () => (await import("./emulator.ts")).emulatorCommand(),
  },
  {
    name: "install-infrastructure",
    group: null,
    words: "",
    summary: "the packages of infrastructure/",
    load: async () => (await import("./install-infrastructure.ts")).installInfrastructureCommand(),
  },
  {
    name: "request-from-issue",
    group: null,
    words: "",
    summary: "an accepted issue form as a pull request",
    load: async () => (await import("./request-from-issue.ts")).requestFromIssueCommand(),
  },
];

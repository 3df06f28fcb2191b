import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { COMMANDS } from "../../cli/commands.ts";
import { ACCEPTED_LABEL } from "../../cli/request-from-issue/accepted-label.ts";
import { claimsOf, missingTitles } from "./claims.ts";
import { gitFiles, textOf } from "./pages.ts";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly "timeout-minutes"?: number;
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps?: readonly Step[];
  readonly concurrency?: { readonly "cancel-in-progress": boolean };
}

interface Workflow {
  readonly on: string | Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly concurrency?: { readonly "cancel-in-progress": boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const FILES = gitFiles(".github/*").filter((file) => file.endsWith(".yml") && !file.startsWith(".github/ISSUE_TEMPLATE/"));
const ACTION = ".github/actions/set-up/action.yml";
const WORKFLOWS = FILES.filter((file) => file !== ACTION).map((file) => [file, parse(textOf(file)) as Workflow] as const);
const SET_UP = parse(textOf(ACTION)) as { readonly runs: { readonly steps: readonly Step[] } };

const jobsOf = ({ jobs }: Workflow) => Object.values(jobs);
const stepsOf = (workflow: Workflow) => jobsOf(workflow).flatMap(({ steps = [] }) => steps);
const ALL_STEPS = [
  ...WORKFLOWS.flatMap(([file, workflow]) => stepsOf(workflow).map((step) => [file, step] as const)),
  ...SET_UP.runs.steps.map((step) => [ACTION, step] as const),
];
const named = (name: string) => {
  const found = WORKFLOWS.find(([file]) => file.endsWith(`/${name}.yml`));
  if (found === undefined) throw new TypeError(`there is no workflow ${name}`);
  return found[1];
};

test("there are six workflows", () => {
  expect(WORKFLOWS.map(([file]) => file.split("/").at(-1))).toEqual([
    "follow.yml",
    "preview.yml",
    "request.yml",
    "up-stack.yml",
    "up.yml",
    "validate.yml",
  ]);
});

describe.each(WORKFLOWS)("%s", (file, workflow) => {
  test("gives nothing to all jobs, and to each what it needs and no more", () => {
    expect(workflow.permissions).toEqual({});
    for (const { permissions = {}, environment, uses } of jobsOf(workflow)) {
      const { contents, "id-token": token, ...others } = permissions;
      expect(token ?? "write").toBe("write");
      // What may write to GitHub has the identity that reads, never one that acts on devices.
      // A job that calls a workflow hands rights on, and runs nothing itself.
      if (token !== undefined && uses === undefined && Object.values(others).includes("write")) expect(environment).toBe("preview");
      // What may write branches has no identity at all.
      if (contents !== "read") expect([contents, token, environment]).toEqual(["write", undefined, undefined]);
    }
  });

  test("ends each job that hangs", () => {
    for (const job of jobsOf(workflow)) if (job.uses === undefined) expect(job["timeout-minutes"]).toBeLessThanOrEqual(180);
  });

  test("leaves no token behind in the checkout", () => {
    const checkouts = stepsOf(workflow).filter(({ uses }) => uses?.startsWith("actions/checkout@"));

    for (const checkout of checkouts) expect(checkout.with?.["persist-credentials"]).toBe(false);
  });

  test("has no secret but whom to notify, and none beside an identity", () => {
    const text = textOf(file);

    expect([...text.matchAll(/secrets\.(\w+)/g)].filter(([, name]) => name?.startsWith("DLR_NOTIFY_") !== true)).toEqual([]);
    expect(text).not.toMatch(/secrets: inherit|secrets\[|toJSON\(secrets/);
    for (const { permissions = {}, steps = [], environment } of jobsOf(workflow)) {
      if (!JSON.stringify(steps).includes("secrets.")) continue;
      expect([permissions["id-token"], environment]).toEqual([undefined, undefined]);
    }
  });

  test("hands the token of the run only to steps that talk to GitHub", () => {
    for (const step of stepsOf(workflow)) {
      if (JSON.stringify(step).includes("github.token"))
        expect(step.run).toMatch(/cli\/(dlr\.js ((preview|outcome)-comment|people|request-from-issue|notify)|overlay-requests\.ts)\b/);
    }
  });
});

test("who may write what to GitHub", () => {
  const writes = WORKFLOWS.flatMap(([file, { jobs }]) =>
    Object.entries(jobs).flatMap(([job, { permissions = {} }]) =>
      Object.entries(permissions).flatMap(([name, right]) =>
        right === "write" && name !== "id-token" ? [`${file.split("/").at(-1)} ${job} ${name}`] : [],
      ),
    ),
  );

  expect(writes).toEqual([
    "follow.yml tell issues",
    "follow.yml tell pull-requests",
    "preview.yml preview pull-requests",
    "request.yml request contents",
    "request.yml request issues",
    "request.yml request pull-requests",
    "up-stack.yml notify statuses",
    "up.yml stacks statuses",
  ]);
});

test("nothing is taken from a cache, which a job of fewer rights may have written", () => {
  for (const file of FILES) expect(textOf(file)).not.toMatch(/^[^#]*\bcache\b/m);
});

describe("each step", () => {
  test("of somebody else's is pinned by commit, with its version", () => {
    for (const file of FILES) {
      for (const [line] of textOf(file).matchAll(/^.*\buses: .*$/gm)) {
        expect(line).toMatch(/uses: (\.\/\.github\/\S+|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
      }
    }
  });

  test.each(ALL_STEPS.filter(([, { run }]) => run !== undefined).map(([file, step]) => [file, step.name ?? step.run ?? "", step] as const))(
    "%s, %s: has no expression in what the shell runs, and every variable in quotes",
    (_, __, { run = "" }) => {
      expect(run).not.toContain("${{");
      expect(run.replaceAll(/"[^"]*"/g, "")).not.toContain("$");
    },
  );
});

/** A module that only exports would do nothing, and say nothing. */
test("what a step runs is a command of dlr, or a script that runs by itself", () => {
  const run = ALL_STEPS.map(([, step]) => step.run ?? "").join("\n");
  const scripts = [...run.matchAll(/cli\/([\w-]+\.[jt]s)(?: ([a-z-]+))?/g)];

  expect(scripts.length).toBeGreaterThan(6);
  for (const [, script = "", command = ""] of scripts) {
    if (script === "dlr.js") expect(COMMANDS.map(({ name }) => name)).toContain(command);
    else expect(textOf(`cli/${script}`)).toMatch(/^await runCommand\(/m);
  }
});

describe("a pull request", () => {
  test("of anybody is checked without an identity", () => {
    const workflow = named("validate");

    expect(workflow.on).toBe("pull_request");
    expect(jobsOf(workflow).map(({ permissions }) => permissions)).toEqual([{ contents: "read" }]);
    expect(jobsOf(workflow)[0]?.environment).toBeUndefined();
  });

  test("is previewed by what its base branch runs: nothing of it is checked out", () => {
    const workflow = named("preview");
    const checkouts = stepsOf(workflow).filter(({ uses }) => uses?.startsWith("actions/checkout@"));

    // For another branch GitHub would run the default branch's workflow too.
    expect(workflow.on).toEqual({ pull_request_target: { branches: ["main"], types: ["opened", "synchronize", "reopened"] } });
    expect(checkouts.map((step) => step.with?.ref)).toEqual([expect.stringMatching(/^\$\{\{ github\.sha \}\}$/)]);
    expect(textOf(".github/workflows/preview.yml")).toContain("if: github.event.pull_request.head.repo.full_name == github.repository");
    expect(jobsOf(workflow).map(({ environment }) => environment)).toEqual(["preview"]);
  });

  test("has no other workflow that runs with the rights of its base", () => {
    const others = WORKFLOWS.filter(([file]) => !file.endsWith("/preview.yml"));

    expect(others.filter(([file]) => textOf(file).includes("pull_request_target"))).toEqual([]);
  });
});

describe("an issue form", () => {
  const workflow = named("request");
  const text = textOf(".github/workflows/request.yml");

  test("is read where somebody has accepted it, by what the default branch runs, without an identity", () => {
    expect(workflow.on).toEqual({ issues: { types: ["labeled"] } });
    expect(text).toContain(`if: github.event.label.name == '${ACCEPTED_LABEL}'`);
    expect(stepsOf(workflow).filter(({ uses }) => uses?.startsWith("actions/checkout@"))).toMatchObject([
      { with: { "persist-credentials": false } },
    ]);
    expect(text.replaceAll(/^ *#.*$/gm, "")).not.toMatch(/environment:|id-token|azure|ref:|vars\./i);
  });

  test("gives its text to no expression: a file of GitHub's has it", () => {
    const expressions = [...text.matchAll(/\$\{\{ (.*?) \}\}/g)].map(([, expression]) => expression);

    expect(expressions).toEqual(["github.event.issue.number", "github.token"]);
    expect(stepsOf(workflow).at(-1)?.run).toContain('--event "$GITHUB_EVENT_PATH" --base "$GITHUB_SHA" --post');
  });
});

describe("an up", () => {
  test("waits for the approvers of production, and is never ended midway", () => {
    const { jobs, concurrency } = named("up-stack");

    expect(jobs.preview?.environment).toBe("preview");
    expect(jobs.up?.environment).toBe("production");
    expect(concurrency).toMatchObject({ group: expect.stringMatching(/^up-\$\{\{ inputs\.stack \}\}$/), "cancel-in-progress": false });
    expect(jobsOf(named("follow"))[0]?.concurrency?.["cancel-in-progress"]).toBe(false);
  });

  test("performs the very file that they saw", () => {
    const up = named("up-stack").jobs.up?.steps?.find(({ name }) => name === "up");

    expect(up?.run).toContain('--reviewed "$REVIEW" --reviewed-sha256 "$SHA256"');
  });
});

describe("CODEOWNERS", () => {
  const rules = textOf(".github/CODEOWNERS")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s+/))
    .map(([pattern = "", ...owners]) => ({ fits: fitting(pattern), owners: owners.filter((owner) => owner !== "") }));
  const ownersOf = (file: string) => rules.findLast(({ fits }) => fits.test(`/${file}`))?.owners ?? [];

  /** Of the patterns that the file uses: `*` alone, a folder, a file, a part of a name. */
  function fitting(pattern: string): RegExp {
    if (pattern === "*") return /^/;
    expect(pattern).toMatch(/^\/[\w.*/-]+$/);
    return new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}${pattern.endsWith("/") ? "" : "$"}`);
  }

  test("covers all but requests", () => {
    const without = gitFiles().filter((file) => ownersOf(file).length === 0);

    expect(without.filter((file) => !file.startsWith("devices/requests/"))).toEqual([]);
    expect(ownersOf("devices/requests/any.yaml")).toEqual([]);
    expect(ownersOf("devices/playbooks/any.yaml")).toHaveLength(1);
  });

  test.each([
    ...FILES,
    ".github/CODEOWNERS",
    ".github/ISSUE_TEMPLATE/device-request.yml",
    ".azure-pipelines/up.yml",
    ".gitlab-ci.yml",
    "Pulumi.prod.yaml",
    "Pulumi.yaml",
    "escrow/recipients.txt",
    "infrastructure/trusts.ts",
    "package.json",
    "package-lock.json",
    "cli/overlay/judge-pull.ts",
    "policies.json",
    "policy/pack.ts",
    "providers/rules/all-rules.ts",
    "review/digest.ts",
  ])("names two owners for %s", (file) => {
    expect(ownersOf(file)).toHaveLength(2);
  });
});

describe("docs/workflows.md", () => {
  const page = textOf("docs/workflows.md");
  const all = FILES.map(textOf).join("\n");
  const used = (pattern: RegExp) => [...new Set([...all.matchAll(pattern)].map(([, name = ""]) => name))].sort();

  test("names every variable that the workflows read, and every environment", () => {
    const variables = used(/\bvars\.(\w+)/g);
    const environments = used(/^ +environment: (\S+)$/gm);

    expect(variables).toHaveLength(6);
    expect(variables.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    expect(environments).toEqual(["follow", "preview", "production"]);
    expect(environments.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });

  test.each(claimsOf(page))("names tests that are there: $file $titles", async (claim) => {
    expect(await missingTitles(claim)).toEqual([]);
  });

  test("has a test for each thing that an attacker may try", () => {
    const [, section = ""] = /^## What an attacker may try\n([\s\S]*?)\n\n/m.exec(page) ?? [];
    const bullets = section.split(/^- /m).slice(1);

    expect(bullets.length).toBeGreaterThan(8);
    expect(bullets.filter((bullet) => claimsOf(bullet).length === 0)).toEqual([]);
  });

  test("names every action of somebody else's", () => {
    expect(used(/uses: ([a-z][\w-]*\/[\w-]+)@/g).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { COMMANDS } from "../../cli/commands.ts";
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

const FILES = gitFiles(".github/*").filter((file) => file.endsWith(".yml"));
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

test("there are five workflows", () => {
  expect(WORKFLOWS.map(([file]) => file.split("/").at(-1))).toEqual([
    "follow.yml",
    "preview.yml",
    "up-stack.yml",
    "up.yml",
    "validate.yml",
  ]);
});

describe.each(WORKFLOWS)("%s", (file, workflow) => {
  test("gives nothing to all jobs, and to each what it needs and no more", () => {
    const allowed = file.endsWith("/preview.yml") ? ["contents", "id-token", "pull-requests"] : ["contents", "id-token"];

    expect(workflow.permissions).toEqual({});
    for (const { permissions = {} } of jobsOf(workflow)) {
      expect(permissions.contents).toBe("read");
      expect(Object.keys(permissions).filter((name) => !allowed.includes(name))).toEqual([]);
    }
  });

  test("leaves no token behind in the checkout", () => {
    const checkouts = stepsOf(workflow).filter(({ uses }) => uses?.startsWith("actions/checkout@"));

    for (const checkout of checkouts) expect(checkout.with?.["persist-credentials"]).toBe(false);
  });

  test("has no secret, and hands the token of the run only to steps that talk to GitHub", () => {
    const text = textOf(file);

    expect(text).not.toMatch(/secrets\b/);
    for (const step of stepsOf(workflow)) {
      if (JSON.stringify(step).includes("github.token")) expect(step.run).toMatch(/cli\/(dlr\.js preview-comment|overlay-requests\.ts)\b/);
    }
  });
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
    expect(jobsOf(workflow)).toMatchObject([{ permissions: { contents: "read" } }]);
    expect(jobsOf(workflow)[0]?.environment).toBeUndefined();
  });

  test("is previewed by what its base branch runs: nothing of it is checked out", () => {
    const workflow = named("preview");
    const checkouts = stepsOf(workflow).filter(({ uses }) => uses?.startsWith("actions/checkout@"));

    expect(Object.keys(workflow.on)).toEqual(["pull_request_target"]);
    expect(checkouts.map((step) => step.with?.ref)).toEqual([expect.stringMatching(/^\$\{\{ github\.sha \}\}$/)]);
    expect(textOf(".github/workflows/preview.yml")).toContain("if: github.event.pull_request.head.repo.full_name == github.repository");
    expect(jobsOf(workflow).map(({ environment }) => environment)).toEqual(["preview"]);
  });

  test("has no other workflow that runs with the rights of its base", () => {
    const others = WORKFLOWS.filter(([file]) => !file.endsWith("/preview.yml"));

    expect(others.filter(([file]) => textOf(file).includes("pull_request_target"))).toEqual([]);
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

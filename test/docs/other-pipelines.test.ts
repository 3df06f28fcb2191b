import { execFile } from "node:child_process";
import { cp, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { gitFiles, ROOT, textOf } from "./pages.ts";

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

/** Every mapping of a document, outermost first. */
function nodesOf(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  return isNode(value) ? [value, ...Object.values(value).flatMap(nodesOf)] : [];
}

/** What a shell runs. */
function scriptsOf(value: unknown): readonly string[] {
  return nodesOf(value).flatMap((node) =>
    [node.bash, node.script, node.before_script, node.inlineScript]
      .flat()
      .flatMap((text) => (typeof text === "string" && text !== "" ? [text] : [])),
  );
}

/** No text of somebody else's may become a part of a command: variables stand in quotes. */
function expectQuoted(script: string): void {
  const unquoted = script
    .replaceAll(/'[^']*'/g, "")
    .replaceAll(/"\$\((?:[^()"]|"[^"]*"|\([^)]*\))*\)"/g, "")
    .replaceAll(/"[^"]*"/g, "");
  expect(unquoted).not.toMatch(/\$(?!\?)/);
}

const AZURE = gitFiles(".azure-pipelines/*");

describe("Azure Pipelines", () => {
  const pipelines = AZURE.map((file) => [file, parse(textOf(file)) as Node] as const);
  const steps = pipelines.flatMap(([file, pipeline]) => nodesOf(pipeline).map((node) => [file, node] as const));

  test("has the four pipelines and two templates", () => {
    expect(AZURE.map((file) => file.slice(".azure-pipelines/".length))).toEqual([
      "follow.yml",
      "preview.yml",
      "templates/set-up.yml",
      "templates/up-stack.yml",
      "up.yml",
      "validate.yml",
    ]);
  });

  test.each(pipelines)("%s: no expression stands in what a shell runs, and variables stand in quotes", (_, pipeline) => {
    for (const script of scriptsOf(pipeline)) {
      expect(script).not.toMatch(/\$\{\{|\$\([A-Z]\w*\.|\$\[/);
      expectQuoted(script);
    }
  });

  test("checks out by one template, which leaves no token behind", () => {
    const checkouts = steps.filter(([, node]) => "checkout" in node);

    expect(checkouts).toEqual([[".azure-pipelines/templates/set-up.yml", expect.objectContaining({ persistCredentials: false })]]);
  });

  test("a token, or a service connection, has no step of the pipeline for pull requests' own code", () => {
    expect(textOf(".azure-pipelines/validate.yml")).not.toMatch(/AccessToken|azureSubscription|environment/);
  });

  test("the preview is started on main alone, by a number", () => {
    const pipeline = parse(textOf(".azure-pipelines/preview.yml")) as Node;

    expect(pipeline).toMatchObject({
      trigger: "none",
      pr: "none",
      parameters: [{ name: "pullRequest", type: "number" }, { name: "stack" }],
    });
    expect(pipeline.resources).toBeUndefined();
  });

  test("each pipeline has the service connection of its rights", () => {
    const used = steps.flatMap(([file, { azureSubscription: name }]) =>
      typeof name === "string" ? [`${file.split("/").at(-1)} ${name}`] : [],
    );

    expect(used).toEqual([
      "follow.yml device-lifecycle-follow",
      "preview.yml device-lifecycle-preview",
      "up-stack.yml device-lifecycle-preview",
      "up-stack.yml device-lifecycle-up",
    ]);
  });

  test("an up waits for its environment, one of a stack at a time, and performs the very file that was approved", () => {
    const { stages } = parse(textOf(".azure-pipelines/templates/up-stack.yml")) as { readonly stages: readonly Node[] };
    const [up] = stages.slice(1);

    expect(up).toMatchObject({
      lockBehavior: "sequential",
      jobs: [{ deployment: "up", environment: expect.stringMatching(/parameters\.stack/) }],
    });
    expect(scriptsOf(up).join()).toContain('--reviewed "$PIPELINE_WORKSPACE/review-$STACK/review.json" --reviewed-sha256 "$SHA256"');
  });
});

describe("GitLab", () => {
  const pipeline = parse(textOf(".gitlab-ci.yml")) as Readonly<Record<string, Node>>;

  test("is what GitLab's own schema takes; a key that is none is refused", async () => {
    expect(await lint(textOf(".gitlab-ci.yml"))).toBe("valid");
    expect(await lint(textOf(".gitlab-ci.yml").replace("resource_group:", "resourcegroup:"))).toContain("'resourcegroup' property");
  });

  /** With the schema that GitLab's editor has, as gitlab-ci-local ships it. */
  async function lint(text: string): Promise<string> {
    const cwd = await temporaryFolder();
    await writeFile(path.join(cwd, ".gitlab-ci.yml"), text);
    const run = promisify(execFile);
    await run("git", ["init", "-q", "-b", "main"], { cwd });
    await run("git", ["remote", "add", "origin", "https://gitlab.com/contoso/devices.git"], { cwd });
    await cp(path.join(ROOT, ".gitignore"), path.join(cwd, ".gitignore"));
    await run("git", ["add", "-A"], { cwd });
    await run("git", ["-c", "user.name=anna", "-c", "user.email=anna@contoso.example", "commit", "-q", "-m", "work"], { cwd });
    const tool = fileURLToPath(import.meta.resolve("gitlab-ci-local"));
    return run(process.execPath, [tool, "--list-all"], { cwd }).then(
      () => "valid",
      (error: { readonly stdout: string; readonly stderr: string }) => error.stdout + error.stderr,
    );
  }

  test("no variable stands outside of quotes in what a shell runs", () => {
    for (const script of scriptsOf(pipeline)) expectQuoted(script);
  });

  test("what a merge request brings runs without a token", () => {
    const ofMerge = Object.entries(pipeline).filter(([, job]) => JSON.stringify(job.rules ?? []).includes("merge_request_event"));

    expect(ofMerge.map(([name]) => name)).toEqual(["workflow", "validate"]);
    expect(JSON.stringify(pipeline.validate)).not.toMatch(/id_tokens|extends|environment/);
  });

  test("a preview is started by the webhook, on the main branch", () => {
    expect(pipeline[".preview"]?.rules).toEqual([{ if: '$CI_PIPELINE_SOURCE == "trigger"' }]);
    expect(pipeline.workflow?.rules).toContainEqual({
      if: "$CI_COMMIT_REF_NAME == $CI_DEFAULT_BRANCH && $CI_PIPELINE_SOURCE =~ /^(push|schedule|trigger)$/",
    });
  });

  test("an up waits for a person and its environment, one of a stack at a time, and is never ended midway", () => {
    expect(pipeline[".up"]).toMatchObject({
      environment: { name: "production" },
      resource_group: "up-$STACK",
      rules: [{ if: '$CI_PIPELINE_SOURCE == "push"', when: "manual" }],
      script: expect.arrayContaining([expect.stringContaining('--reviewed .device-lifecycle/review.json --reviewed-sha256 "$SHA256"')]),
    });
    expect(pipeline.default?.interruptible).toBe(false);
  });
});

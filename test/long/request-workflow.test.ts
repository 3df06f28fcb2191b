import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { BRANCH, bodyOf, EXPRESSION, LABEL } from "../cli/issue-bodies.ts";
import { WorkflowWorld } from "./workflow-world.ts";

/** From the label to the pull request, on a runner that is act; GitHub is a double. */
describe("the workflow of issue forms, run by act", () => {
  let world: WorkflowWorld;

  beforeAll(async () => {
    world = await WorkflowWorld.create({ prod: { graphEndpoint: "http://127.0.0.1:9" } });
  });

  afterAll(() => world?.remove());

  const labelled = (body: string, label = LABEL) =>
    world.request({
      action: "labeled",
      label: { name: label },
      issue: { number: 17, state: "open", title: `$(touch x) ${EXPRESSION}`, body },
      sender: { login: "anna", type: "User" },
      repository: { default_branch: "main", full_name: "contoso/devices" },
    });

  test("another label starts nothing", async () => {
    await labelled(bodyOf(), "bug");

    expect(world.github.calls).toEqual([]);
  });

  test("a form with a mistake is answered, and proposes nothing", async () => {
    world.github.labels.add(LABEL);

    const run = await labelled(bodyOf({ expires: "" }));

    expect([run.code, world.github.branches.heads.size]).toEqual([1, 0]);
    expect(world.github.comments.map(({ body }) => body)).toEqual([expect.stringContaining("expires is missing")]);
    expect([...world.github.labels]).toEqual([]);
  });

  test("an accepted form becomes a pull request at the commit that ran, whose file is valid; its text ran nowhere", async () => {
    const run = await labelled(bodyOf({ reason: `$(touch x) \`touch y\`\n${EXPRESSION}` }));

    expect([run.code, run.text]).toEqual([0, expect.stringContaining("Proposed as #100")]);
    expect([...world.github.branches.heads]).toEqual([[BRANCH, await world.git("rev-parse", "main")]]);
    const file = world.github.branches.files.get(`${BRANCH}:devices/requests/issue-17.yaml`) ?? "";
    expect(file).toContain(EXPRESSION);
    await world.propose({ "devices/requests/issue-17.yaml": file });
    expect((await world.validate()).code).toBe(0);
  });
});

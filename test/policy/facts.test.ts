import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { requestInputs } from "../../policy/request-inputs.ts";
import { openRunFacts } from "../../policy/run-facts.ts";
import { RESOURCE_TYPE, SHELF_TYPE } from "../../providers/domain/project.ts";
import { inputsOf } from "../../providers/pulumi/state.ts";
import { jobOf, lifecycleRequest, UNLOCK_AND_WIPE } from "../support/fakes-requests.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const request = lifecycleRequest(UNLOCK_AND_WIPE);
const props = { ...inputsOf(request, jobOf(request).plan, { destructive: true, begun: false, stack: "prod" }) };

describe("what a policy sees of a request", () => {
  test("is what the program gives the engine", () => {
    expect(requestInputs({ type: RESOURCE_TYPE, props })).toEqual({
      name: request.name,
      source: `${request.source.file}:${request.source.line}`,
      ticket: "INC-4711",
      expires: "2026-12-31",
      playbook: request.playbook,
      destructive: true,
      device: { id: props.device.id, serialNumber: "DMPXK2ABCDEF" },
    });
  });

  test("begun requests and other resources are none of its business", () => {
    expect(requestInputs({ type: RESOURCE_TYPE, props: { ...props, begun: true, stack: "prod" } })).toBeNull();
    expect(requestInputs({ type: "pulumi:pulumi:Stack", props: {} })).toBeNull();
    expect(requestInputs({ type: SHELF_TYPE, props: { keys: "{}" } })).toBeNull();
  });

  test("a null that the engine leaves out is null", () => {
    const { ticket: _ticket, expires: _expires, ...less } = props;

    expect(requestInputs({ type: RESOURCE_TYPE, props: less })).toMatchObject({ ticket: null, expires: null });
  });

  test.each([
    ["request", undefined],
    ["request", { name: "a" }],
    ["device", null],
    ["device", { serialNumber: "A" }],
    ["destructive", "yes"],
    ["ticket", 4711],
  ])("another form is an error, not a rule that is passed by: %s %j", (name, value) => {
    expect(() => requestInputs({ type: RESOURCE_TYPE, props: { ...props, [name]: value } })).toThrow(
      /have another form than these policies know/,
    );
  });
});

describe("what a policy knows of the run", () => {
  test("people by the names that CI gives, in any case", () => {
    const env = { PULUMI_DRY_RUN: "true", DEVICE_LIFECYCLE_AUTHORS: "Anna, ben,,anna", DEVICE_LIFECYCLE_APPROVERS: " " };

    expect(openRunFacts(env)(7, ["one"])).toMatchObject({ now: 7, isPreview: true, destroying: ["one"], approvers: [] });
    expect(openRunFacts(env)(7, []).authorsOf("one")).toEqual(["anna", "ben"]);
    expect(openRunFacts({ PULUMI_DRY_RUN: "false" })(7, []).isPreview).toBe(false);
    expect(openRunFacts({})(7, []).isPreview).toBe(false);
  });

  test("authors of each request by the review, and by CI for those that it does not name", async () => {
    const file = path.join(await temporaryFolder(), "review.json");
    const requests = [{ name: "one", authors: ["Anna"] }, { name: "nobodys", authors: null }, { name: "unasked" }];
    await writeFile(file, JSON.stringify({ requests }));
    const { authorsOf } = openRunFacts({ DEVICE_LIFECYCLE_REVIEWED: file, DEVICE_LIFECYCLE_AUTHORS: "ben" })(7, []);

    expect(["one", "nobodys", "unasked", "new"].map(authorsOf)).toEqual([["anna"], [], ["ben"], ["ben"]]);
    expect(() => openRunFacts({ DEVICE_LIFECYCLE_REVIEWED: `${file}.gone` })).toThrow("ENOENT");
  });
});

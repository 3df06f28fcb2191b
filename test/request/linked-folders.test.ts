import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { loadRequests } from "../../providers/request/load-requests.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { placesOf } from "./marked-files.ts";

const REQUESTS = `requests:
  - name: a
    device: { serialNumber: DMPXK2ABCDEF }
    playbook: escrow-bypass-code
    reason: r
`;

describe("folders behind a symbolic link", () => {
  let root: string;
  let outside: string;

  beforeEach(async () => {
    root = await temporaryFolder();
    outside = await temporaryFolder();
    for (const folder of [root, outside]) for (const name of ["requests", "playbooks"]) mkdirSync(path.join(folder, name));
    writeFileSync(path.join(outside, "requests/a.yaml"), REQUESTS);
  });

  const load = (places: { readonly root?: string; readonly requests?: string; readonly playbooks?: string }) =>
    loadRequests({ root, requests: "requests", playbooks: "playbooks", ...places });

  test.each(["data", "..data"])("%s: a folder of the project that leads out of it holds no requests", async (name) => {
    symlinkSync(outside, path.join(root, name));

    const { requests, diagnostics } = await load({ requests: `${name}/requests` });

    expect(requests).toEqual([]);
    expect(placesOf(diagnostics)).toEqual([`${name}/requests:1:1 DLR009`]);
  });

  test("nor playbooks", async () => {
    symlinkSync(outside, path.join(root, "data"));

    const { diagnostics } = await load({ playbooks: "data/playbooks" });

    expect(placesOf(diagnostics)).toEqual(["data/playbooks:1:1 DLR009"]);
  });

  test("not even when it leads to another folder of the project", async () => {
    mkdirSync(path.join(root, "real/requests"), { recursive: true });
    symlinkSync("real", path.join(root, "data"));

    const { diagnostics } = await load({ requests: "data/requests" });

    expect(placesOf(diagnostics)).toEqual(["data/requests:1:1 DLR009"]);
  });

  test("whatever lies deeper: the link may be any of the folders above", async () => {
    mkdirSync(path.join(outside, "deep/requests"), { recursive: true });
    mkdirSync(path.join(root, "devices"));
    symlinkSync(outside, path.join(root, "devices/linked"));

    const { diagnostics } = await load({ requests: "devices/linked/deep/requests" });

    expect(placesOf(diagnostics)).toEqual(["devices/linked/deep/requests:1:1 DLR009"]);
  });

  test("above the project are the machine's own business", async () => {
    const linked = path.join(await temporaryFolder(), "project");
    symlinkSync(outside, linked);

    const { requests, diagnostics } = await load({ root: linked });

    expect(diagnostics).toEqual([]);
    expect(requests.map(({ name }) => name)).toEqual(["a"]);
  });
});

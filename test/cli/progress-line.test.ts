import { appendFileSync } from "node:fs";
import path from "node:path";
import { Writable } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { FollowedFile } from "../../cli/shown/follow-file.ts";
import { LiveLine } from "../../cli/shown/live-line.ts";
import { renderProgress } from "../../cli/shown/progress-line.ts";
import { RunView } from "../../cli/shown/run-view.ts";
import type { ProgressNote } from "../../providers/pulumi/tell-progress.ts";
import { PROGRESS_FILE, tellProgress } from "../../providers/pulumi/tell-progress.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const START = Date.parse("2026-11-20T12:00:00Z");

function viewOf(...notes: readonly ProgressNote[]): RunView {
  const view = new RunView();
  for (const note of notes) view.hear(note);
  return view;
}

const waits = (name: string, of: "report" | "gone" | "doubt", seconds = 61): ProgressNote => ({
  kind: "waits",
  name,
  for: of,
  until: START + seconds * 1000,
});
const end = (view: RunView, name: string, outcome: string) => view.see({ kind: "ended", name, op: "create", outputs: { outcome } }, false);

describe("how far a run is", () => {
  test("in one line: what is done, what failed, what it waits for, and how long it still does", () => {
    const view = viewOf(
      { kind: "open", requests: 300 },
      waits("a", "report"),
      waits("b", "report"),
      waits("c", "gone"),
      waits("d", "doubt"),
    );
    for (let number = 0; number < 213; number++) end(view, `done-${number}`, number < 2 ? "failed" : "succeeded");

    expect(renderProgress(view, false, START, START)).toBe(
      "213 of 300 done, 2 failed, waiting for 2 devices to report, looking again for 1 device that Graph does not show, looking what became of 1 call without an answer, 61 s left, 0 s so far",
    );
  });

  test("names no wait that is over", () => {
    const view = viewOf({ kind: "open", requests: 2 }, waits("a", "report"));
    end(view, "a", "succeeded");

    expect(renderProgress(view, false, START, START + 4000)).toBe("1 of 2 done, 4 s so far");
  });

  test("says that Graph is busy, for as long as that is new", () => {
    const view = viewOf({ kind: "open", requests: 2 }, { kind: "says", text: "Graph is busy: trying again in 12 s", at: START });

    expect(renderProgress(view, false, START, START + 1000)).toBe("0 of 2 done, Graph is busy: trying again in 12 s, 1 s so far");
    expect(renderProgress(view, false, START, START + 16_000)).toBe("0 of 2 done, 16 s so far");
  });

  test("has nothing to count in a preview", () => {
    const view = viewOf({ kind: "open", requests: 2 }, { kind: "says", text: "Graph is busy: trying again in 12 s", at: START });

    expect(renderProgress(view, true, START, START)).toBe(
      "looking at requests and devices, Graph is busy: trying again in 12 s, 0 s so far",
    );
  });
});

/** A stream that keeps what was written. */
function memory(): { readonly stream: NodeJS.WritableStream; readonly text: () => string } {
  let text = "";
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

describe("the line", () => {
  test("is a plain one every ten seconds in a log, whatever changes between", () => {
    const { stream, text } = memory();
    const line = new LiveLine(stream, false);
    for (let second = 0; second <= 25; second++) line.show(`${second} s`, START + second * 1000);

    expect(text()).toBe("10 s\n20 s\n");
  });

  test("is written over on a terminal, and gone before what stays", () => {
    const { stream, text } = memory();
    const line = new LiveLine(stream, true);
    line.show("one", START);
    line.show("one", START + 1);
    line.show("two", START + 2);
    line.clear();
    line.clear();

    expect(text()).toBe("\u001b[1G\u001b[2Kone\u001b[1G\u001b[2Ktwo\u001b[1G\u001b[2K");
  });
});

describe("what processes tell", () => {
  test("comes as whole lines, each once, however it was written", async () => {
    const file = path.join(await temporaryFolder(), "notes");
    const followed = new FollowedFile(file);

    expect(followed.read()).toEqual([]);
    appendFileSync(file, '{"a":1}\n{"b":');
    expect(followed.read()).toEqual(['{"a":1}']);
    const umlaut = Buffer.from("ü");
    appendFileSync(file, Buffer.concat([Buffer.from('"'), umlaut.subarray(0, 1)]));
    expect(followed.read()).toEqual([]);
    appendFileSync(file, Buffer.concat([umlaut.subarray(1), Buffer.from('"}\n\n')]));
    expect(followed.read()).toEqual(['{"b":"ü"}']);
  });

  test("goes into the file that is named, and nowhere where none is or it cannot be written", async () => {
    const file = path.join(await temporaryFolder(), "notes");
    const note = { kind: "open", requests: 3 } as const;

    tellProgress(note, { [PROGRESS_FILE]: file });
    tellProgress(note, { [PROGRESS_FILE]: path.join(file, "not-a-folder") });
    tellProgress(note, {});

    expect(new FollowedFile(file).read()).toEqual([JSON.stringify(note)]);
  });
});

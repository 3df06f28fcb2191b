import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import type { EndedRequest } from "../../cli/outcome-comment/ended-requests.ts";
import { renderOutcomes } from "../../cli/outcome-comment/render-outcomes.ts";
import { COMMENT_ROWS, MOST_BYTES, renderComment } from "../../review/markdown/comment.ts";
import { IPAD, WINDOWS } from "./fakes-devices.ts";
import { UNLOCK_AND_WIPE } from "./fakes-requests.ts";
import { ends, reviewed, reviewOf } from "./fakes-review.ts";

/** One picture of the README: what stands above it, and the Markdown that our code makes. */
export interface Screen {
  readonly name: "comment" | "summary" | "outcome";
  readonly title: string;
  readonly markdown: string;
  /** Of the window, in CSS pixels. */
  readonly height: number;
}

const COMMON = { head: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c", movedTo: null, sha256: "ab".repeat(32) };

function review() {
  const wipe = reviewed(["wipe"], {
    name: "phone-lost-in-leeds",
    request: { acknowledge: ["dataLoss"], reason: "Lost on the train", ticket: "INC-4712" },
  });
  const unlock = reviewed(UNLOCK_AND_WIPE, { name: "leeds-leaver-0042", device: IPAD });
  const sync = reviewed(["syncDevice"], { name: "laptop-sync", device: WINDOWS });
  const approval = reviewed(["retire"], {
    name: "old-laptop",
    device: WINDOWS,
    act: ends("awaitingApproval", "waits: retire waits for another administrator"),
  });
  return reviewOf([unlock, wipe, sync, approval]);
}

function ended(name: string, serialNumber: string, changes: Partial<EndedRequest>): EndedRequest {
  return {
    name,
    serialNumber,
    generation: 1,
    deviceName: null,
    deviceId: null,
    standing: "succeeded",
    since: "2026-11-21T09:12:44.000Z",
    message: "every step is done",
    drift: null,
    mark: "0123456789ab",
    ticket: null,
    reason: null,
    line: { file: "devices/requests/a.yaml", line: 2 },
    ...changes,
  };
}

/** The three places where people meet a request, in their order. */
export const SCREENS: readonly Screen[] = [
  {
    name: "comment",
    title: "The comment of a pull request",
    markdown: renderComment(review(), {
      ...COMMON,
      whole: "the whole is in the run's summary",
      mostRows: COMMENT_ROWS,
      mostBytes: MOST_BYTES.github,
    }),
    height: 840,
  },
  {
    name: "summary",
    title: "What the approvers of the environment production see",
    markdown: renderComment(review(), { ...COMMON, whole: "", mostRows: Number.POSITIVE_INFINITY, mostBytes: MOST_BYTES.summary }),
    height: 840,
  },
  {
    name: "outcome",
    title: "How it ended, on the same pull request",
    markdown: renderOutcomes(
      [
        ended("leeds-leaver-0042", "DMPXK2ABCDEF", {}),
        ended("laptop-sync", "WIN1", {}),
        ended("phone-lost-in-leeds", "ANDROID1", { standing: "failed", message: "wipe failed on the device: it reported notSupported" }),
      ],
      "ledger https://contoso.blob.core.windows.net/ledger",
    ),
    height: 410,
  },
];

const STYLE = createRequire(import.meta.url).resolve("github-markdown-css/github-markdown-light.css");

/**
 * A page that needs nothing from elsewhere, in GitHub's own style. Its title becomes `wide` where
 * something does not fit its width.
 */
export function pageOf({ title, markdown }: Screen): string {
  const body = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>fits</title><style>${readFileSync(STYLE, "utf8")}
body{margin:0;padding:16px;background:#fff}.markdown-body{font-size:14px;border:1px solid #d1d9e0;border-radius:6px}
h6{margin:0;padding:8px 16px;background:#f6f8fa;border-bottom:1px solid #d1d9e0;font:14px sans-serif;color:#59636e}main{padding:16px}
.markdown-body table{display:table;width:100%;table-layout:auto}.markdown-body td{overflow-wrap:anywhere}</style>
<body><article class="markdown-body"><h6>${title}</h6><main>${body}</main></article>
<script>if(document.documentElement.scrollWidth>innerWidth)document.title="wide"</script></body></html>`;
}

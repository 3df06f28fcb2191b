import { STANDING_WORDS, STANDINGS } from "../../providers/engine/standing.ts";
import { count, listed } from "../../providers/support/words.ts";
import { COMMENT_ROWS } from "../../review/markdown/comment.ts";
import { code } from "../../review/markdown/escape.ts";
import type { EndedRequest } from "./ended-requests.ts";

/** So many ends are marked as told by one comment; 13 bytes each. */
export const MOST_TOLD = 1_000;

/** One comment about these, 1,000 at most; `ledger` as it describes itself. */
export function renderOutcomes(ended: readonly EndedRequest[], ledger: string): string {
  const rows = ended.toSorted((a, b) => STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing)).slice(0, COMMENT_ROWS);
  const left = ended.length - rows.length;
  const counts = STANDINGS.flatMap((standing) => {
    const number = ended.filter((request) => request.standing === standing).length;
    return number === 0 ? [] : [`${number} ${STANDING_WORDS[standing]}`];
  });
  return [
    `<!-- device-lifecycle:outcome told=${ended.map(({ mark }) => mark).join(",")} -->`,
    `**${count(ended.length, "request")} ${ended.length === 1 ? "has" : "have"} ended: ${listed(counts, "and")}.**`,
    "",
    "| request | device | ended | when | why |",
    "|---|---|---|---|---|",
    ...rows.map(renderRow),
    ...(left === 0 ? [] : ["", `and ${left} more: \`dlr status\` lists them`]),
    "",
    `By the ${code(ledger)}.`,
    "",
  ].join("\n");
}

/** What a comment of ours has told; nothing for one that is none. */
export function toldIn(body: string): readonly string[] {
  const [, told] = /^<!-- device-lifecycle:outcome told=([0-9a-f,]+) -->(?:\r?\n|$)/.exec(body) ?? [];
  return told?.split(",") ?? [];
}

function renderRow({ name, generation, serialNumber, deviceName, deviceId, standing, since, message }: EndedRequest): string {
  const cells = [
    code(generation === 1 ? name : `${name}#${generation}`),
    code(serialNumber ?? deviceName ?? deviceId ?? ""),
    standing === "succeeded" ? STANDING_WORDS[standing] : `**${STANDING_WORDS[standing]}**`,
    code(since),
    standing === "succeeded" ? "" : code(message, 400),
  ];
  return `| ${cells.join(" | ")} |`;
}

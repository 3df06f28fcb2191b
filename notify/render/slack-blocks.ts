import type { Digest, DigestLine } from "./digest.ts";

const MARKS = { red: "\u{1F534}", yellow: "\u{1F7E1}", green: "\u{1F7E2}" } as const;

/**
 * A message of Slack's incoming webhooks. Texts are `plain_text`, in which nothing is a link or a
 * mention; the line that a phone shows is ours alone. Sources:
 * https://docs.slack.dev/reference/block-kit/composition-objects/text-object,
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function renderSlackBlocks({ title, lines, left }: Digest, runUrl: string | null): string {
  return JSON.stringify({
    text: "Device lifecycle: news of a run",
    blocks: [
      { type: "header", text: plain(title) },
      ...lines.map((line) => ({ type: "section", text: plain(renderLine(line)) })),
      ...(left === 0 ? [] : [{ type: "context", elements: [plain(`and ${left} more`)] }]),
      ...(runUrl === null
        ? []
        : [{ type: "context", elements: [{ type: "mrkdwn", text: `<${escaped(runUrl)}|The run>`, verbatim: true }] }]),
    ],
    mrkdwn: false,
    link_names: false,
    parse: "none",
    unfurl_links: false,
    unfurl_media: false,
  });
}

function renderLine({ urgency, word, subject, text }: DigestLine): string {
  return `${MARKS[urgency]} ${[word, subject].filter((part) => part !== "").join("  ")}: ${text}`;
}

function plain(text: string): object {
  return { type: "plain_text", text, emoji: false };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("|", "%7C");
}

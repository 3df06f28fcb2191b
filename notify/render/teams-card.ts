import type { Digest, DigestLine } from "./digest.ts";

const COLORS = { red: "Attention", yellow: "Warning", green: "Good" } as const;

/**
 * A message for the trigger *When a Teams webhook request is received* of a workflow: one adaptive
 * card. Texts are runs of a RichTextBlock, in which nothing is Markdown. Sources:
 * https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook,
 * https://adaptivecards.io/explorer/TextRun.html
 */
export function renderTeamsCard({ title, lines, left }: Digest, runUrl: string | null): string {
  const more = left === 0 ? [] : [block([run(`and ${left} more`, { isSubtle: true })])];
  return JSON.stringify({
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [block([run(title, { weight: "Bolder", size: "Medium" })]), ...lines.map(renderLine), ...more],
          actions: runUrl === null ? [] : [{ type: "Action.OpenUrl", title: "The run", url: runUrl }],
          msteams: { width: "Full" },
        },
      },
    ],
  });
}

function renderLine({ urgency, word, subject, text }: DigestLine): object {
  return block([
    run(`${word}  `, { color: COLORS[urgency], weight: "Bolder" }),
    ...(subject === "" ? [] : [run(`${subject}: `, { weight: "Bolder" })]),
    run(text, {}),
  ]);
}

function block(inlines: readonly object[]): object {
  return { type: "RichTextBlock", inlines };
}

/** An empty run would make the card invalid. */
function run(text: string, look: Readonly<Record<string, string | boolean>>): object {
  return { type: "TextRun", text: text === "" ? " " : text, ...look };
}

import { assertNever } from "../../providers/domain/assert-never.ts";
import type { NotifyEvent } from "../event.ts";
import { CLOUD_EVENT, renderCloudEvent } from "../render/cloud-event.ts";
import { digestOf } from "../render/digest.ts";
import { renderSlackBlocks } from "../render/slack-blocks.ts";
import { renderTeamsCard } from "../render/teams-card.ts";
import type { Message } from "./post.ts";
import { signed } from "./signed.ts";
import type { Target } from "./target.ts";

/** What the events of a run belong to. */
export interface Occasion {
  readonly stack: string;
  /** Page of the run at the CI service; null where there is none. */
  readonly runUrl: string | null;
}

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" } as const;

/** A webhook gets each event by itself, a chat one message about all of them. */
export function messagesFor(target: Target, events: readonly NotifyEvent[], { stack, runUrl }: Occasion): readonly Message[] {
  switch (target.name) {
    case "webhook":
      return events.map((event) => {
        const body = renderCloudEvent(event);
        return { body, headers: (now) => ({ "content-type": CLOUD_EVENT, ...signed(event.id, body, target.secrets, now) }) };
      });
    case "teams":
      return [{ body: renderTeamsCard(digestOf(events, stack), runUrl), headers: () => JSON_TYPE }];
    case "slack":
      return [{ body: renderSlackBlocks(digestOf(events, stack), runUrl), headers: () => JSON_TYPE }];
    default:
      return assertNever(target.name);
  }
}

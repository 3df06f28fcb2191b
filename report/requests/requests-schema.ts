import type { JsonObject } from "../../providers/domain/json.ts";
import { STANDINGS } from "../../providers/engine/standing.ts";
import { COUNT, FLAG, listOf, record, TEXT, TEXT_OR_NULL, TIME, TIME_OR_NULL } from "../sheet/schema-words.ts";
import { REQUESTS_FORMAT } from "./report.ts";

const NUMBER_OR_NULL = { type: ["integer", "null"], minimum: 0 } as const;
const STEP = { type: "integer", minimum: 1 } as const;
const SHARES = listOf(record({ value: TEXT_OR_NULL, requests: COUNT }));

const TIMELINE = listOf(
  record({ at: TIME, event: TEXT, step: { type: ["integer", "null"], minimum: 1 }, action: TEXT_OR_NULL, text: TEXT }),
  "Its whole story up to the end of the period.",
);

const REQUEST = record({
  name: TEXT,
  generation: STEP,
  outcome: { enum: [...STANDINGS], description: "As it stood at the end of the period." },
  message: TEXT,
  playbook: TEXT_OR_NULL,
  reason: TEXT_OR_NULL,
  ticket: TEXT_OR_NULL,
  startedBy: { ...TEXT_OR_NULL, description: "Who started the run that began it." },
  pullRequest: TEXT_OR_NULL,
  commit: TEXT_OR_NULL,
  source: TEXT_OR_NULL,
  serialNumber: TEXT_OR_NULL,
  deviceId: TEXT_OR_NULL,
  deviceName: TEXT_OR_NULL,
  destroysData: FLAG,
  begunAt: TIME_OR_NULL,
  endedAt: TIME_OR_NULL,
  secondsToDone: NUMBER_OR_NULL,
  secretsEscrowed: listOf(TEXT),
  revealed: { ...NUMBER_OR_NULL, description: "Null where no file says who was shown what." },
  settled: COUNT,
  steps: listOf(record({ step: STEP, action: TEXT, status: TEXT, sentAt: TIME_OR_NULL, finishedAt: TIME_OR_NULL })),
  timeline: TIMELINE,
});

/** The form of `dlr report requests --format json`. */
export const REQUESTS_REPORT_SCHEMA: JsonObject = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Report of requests",
  ...record({
    format: { const: REQUESTS_FORMAT },
    kind: { const: "requests" },
    at: TIME,
    where: TEXT,
    period: record({ from: TIME_OR_NULL, until: TIME_OR_NULL, text: TEXT }, "From its start, up to and without its end; null: no bound."),
    totals: record(
      {
        requests: COUNT,
        by: record({ outcome: SHARES, playbook: SHARES, ticket: SHARES, startedBy: SHARES }),
        toDone: {
          oneOf: [
            { type: "null" },
            record({ requests: COUNT, median: COUNT, longest: COUNT }, "Seconds, of those that succeeded within it."),
          ],
        },
      },
      "Counts over all requests of the period, whatever the options left out.",
    ),
    reveals: {
      oneOf: [
        { type: "null" },
        listOf(record({ at: TIME, who: TEXT, action: { enum: ["reveal", "share"] }, secret: TEXT, reference: TEXT, request: TEXT })),
      ],
    },
    revealsFrom: TEXT,
    revealsUnreadable: COUNT,
    settlements: listOf(
      record({
        at: TIME,
        who: TEXT,
        why: TEXT,
        decision: { enum: ["taken", "not-taken"] },
        request: TEXT,
        step: STEP,
        action: TEXT_OR_NULL,
      }),
    ),
    brake: listOf(record({ at: TIME, state: { enum: ["stop", "resume"] }, who: TEXT, reason: TEXT })),
    chosen: listOf(TEXT),
    requests: listOf(REQUEST),
  }),
};

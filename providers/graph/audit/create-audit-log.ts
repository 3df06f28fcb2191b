import { AUDIT_PERMISSION, type AuditedAction, type AuditLog, type AuditReading, type AuditSource } from "../../domain/audit-log.ts";
import { GraphReadError, ProductError } from "../../domain/errors.ts";
import type { GraphEndpoint } from "../../support/cloud.ts";
import type { GraphClient } from "../client/graph-client.ts";
import { ACTION_AUDITS_PATH, AUDIT_EVENTS_PATH, sincePath } from "../client/urls.ts";
import { type Entry, type EntryContext, lineMaker } from "./audit-fields.ts";
import { type AuditList, readPages } from "./audit-pages.ts";
import { parseActionAudit } from "./parse-action-audit.ts";
import { parseAuditEvent } from "./parse-audit-event.ts";

type Parse = (entry: Entry, context: EntryContext) => readonly AuditedAction[];

interface Source {
  readonly source: AuditSource;
  readonly list: AuditList;
  readonly parse: Parse;
}

/**
 * Asks the audit log first, and beta's list of remote actions where that is refused. One request
 * for each page, and one more for a refusal.
 */
export function createAuditLog(client: GraphClient, endpoint: GraphEndpoint): AuditLog {
  return {
    actionsSince: async (instant) => {
      try {
        return await readFirst(client, endpoint, instant);
      } catch (error) {
        // Whoever cannot see has to be told so, and goes on.
        if (error instanceof ProductError) return { kind: "unreadable", why: error.message };
        throw error;
      }
    },
  };
}

async function readFirst(client: GraphClient, endpoint: GraphEndpoint, since: number): Promise<AuditReading> {
  try {
    return await readFrom(client, auditEvents(endpoint, since), since);
  } catch (error) {
    if (!(error instanceof GraphReadError) || error.status !== 403) throw error;
    return await readFrom(client, actionAudits(endpoint, since), since).catch((second: unknown) => {
      if (second instanceof ProductError) return refused(second);
      throw second;
    });
  }
}

function refused({ message }: ProductError): AuditReading {
  return { kind: "unreadable", why: `the identity lacks ${AUDIT_PERMISSION}, and beta's list of remote actions does not help: ${message}` };
}

async function readFrom(client: GraphClient, { source, list, parse }: Source, since: number): Promise<AuditReading> {
  const { entries, answer, incomplete } = await readPages(client, list);
  const until = answer.graphTime ?? client.now();
  const context = { since, until, toLine: lineMaker(answer.secrets) };
  const actions = entries.flatMap((entry) => parse(entry, context));
  // A list that changes while it is read may show an entry on two pages.
  const once = [...new Map(actions.map((action) => [action.event, action])).values()];
  return { kind: "seen", source, actions: once, until, incomplete };
}

function auditEvents(endpoint: GraphEndpoint, since: number): Source {
  const first = sincePath(AUDIT_EVENTS_PATH, "activityDateTime", since);
  const list = { endpoint, version: "v1.0", list: AUDIT_EVENTS_PATH, first, what: "Intune's audit log" } as const;
  return { source: "auditEvents", list, parse: parseAuditEvent };
}

function actionAudits(endpoint: GraphEndpoint, since: number): Source {
  const first = sincePath(ACTION_AUDITS_PATH, "requestDateTime", since);
  const list = { endpoint, version: "beta", list: ACTION_AUDITS_PATH, first, what: "beta's list of remote actions" } as const;
  return { source: "remoteActionAudits", list, parse: parseActionAudit };
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { ConfigurationError } from "../../providers/domain/errors.ts";
import { isObject, type JsonObject, type JsonValue } from "../../providers/domain/json.ts";
import { parseJson } from "../http-wire.ts";
import type { EmulatedActor } from "./audit/audit-book.ts";
import { publicReport } from "./devices/device-report.ts";
import { APPROVAL_DECISIONS } from "./devices/emulated-device.ts";
import type { Emulator } from "./emulator.ts";
import { checkFaults } from "./input-check.ts";
import type { World } from "./world.ts";

/** What the admin interface offers; `--help` of the command prints it. */
export const ADMIN_HELP = [
  "GET    /_emulator/devices                       every device, without its secrets",
  'POST   /_emulator/devices/SERIAL/reenrol        set up again: new enrolment and code; {"keepId": true} keeps the id',
  "POST   /_emulator/devices/SERIAL/rotate-code    a new bypass code",
  "POST   /_emulator/devices/SERIAL/check-in       all that is under way ends now",
  "POST   /_emulator/devices/SERIAL/remove         the device leaves Intune",
  'POST   /_emulator/devices/SERIAL/act            an action from elsewhere: {"action": "wipe", "actor": {"userPrincipalName": …}}',
  "POST   /_emulator/audit                         an event in Intune's audit log, in any form",
  "GET    /_emulator/requests                      every call so far, without bodies",
  "GET    /_emulator/faults                        the faults that are set, and how often each struck",
  "POST   /_emulator/faults                        adds one fault, or a list of them",
  "DELETE /_emulator/faults                        takes all faults back",
  "GET    /_emulator/approvals                     requests for approval",
  'POST   /_emulator/approvals/ID                  {"decision": "approve" | "reject" | "lapse"}',
].join("\n");

interface AdminRequest {
  readonly request: IncomingMessage;
  readonly segments: readonly string[];
  readonly body: Buffer;
}

type Reply = { readonly status: number; readonly value: JsonValue | object };

/** The emulator's own interface: no token, loopback only, and not for pages in a browser. */
export async function answerAdmin(admin: AdminRequest, response: ServerResponse, emulator: Emulator, world: World): Promise<void> {
  const { request } = admin;
  const reply = isForeign(request)
    ? refuse(403, "not for browsers, and only under a loopback name")
    : safely(() => route(request.method ?? "GET", admin, emulator, world));
  response.writeHead(reply.status, { "Content-Type": "application/json" });
  response.end(`${JSON.stringify(reply.value, null, 2)}\n`);
}

/**
 * A web page could otherwise reach the emulator through its reader's browser, also under a name of
 * its own that points to loopback.
 */
function isForeign(request: IncomingMessage): boolean {
  return request.headers.origin !== undefined || !/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? "");
}

function safely(work: () => Reply): Reply {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConfigurationError) return refuse(400, error.message);
    throw error;
  }
}

function route(method: string, admin: AdminRequest, emulator: Emulator, world: World): Reply {
  const [room, ...rest] = admin.segments;
  const body = admin.body.length === 0 ? {} : parseJson(admin.body.toString("utf8"));
  if (body === undefined) return refuse(400, "the body is not JSON");
  switch (`${method} ${room}`) {
    case "GET devices":
      return { status: 200, value: emulator.devices().map(publicReport) };
    case "POST devices":
      return changeDevice(rest, body, emulator);
    case "POST audit":
      emulator.addAuditEvent(isObject(body) ? (body as JsonObject) : {});
      return { status: 200, value: {} };
    case "GET requests":
      return { status: 200, value: emulator.requests.map(({ headers: _headers, body: _body, ...request }) => ({ ...request })) };
    case "GET approvals":
      return { status: 200, value: emulator.approvals.map((approval) => ({ ...approval })) };
    case "POST approvals":
      return decide(rest, body, emulator);
    default:
      return room === "faults"
        ? changeFaults(method, body, emulator, world)
        : refuse(404, `nothing is served here; there is:\n${ADMIN_HELP}`);
  }
}

function changeDevice([name, verb]: readonly string[], body: JsonValue, emulator: Emulator): Reply {
  if (name === undefined) return refuse(404, "name a device by its serial number or id");
  const options: JsonObject = isObject(body) ? (body as JsonObject) : {};
  switch (verb) {
    case "reenrol":
      emulator.reenrol(name, { keepId: options.keepId === true });
      break;
    case "rotate-code":
      emulator.rotateCode(name);
      break;
    case "check-in":
      emulator.checkIn(name);
      break;
    case "remove":
      emulator.remove(name);
      break;
    case "act":
      emulator.act(
        name,
        typeof options.action === "string" ? options.action : "",
        isObject(options.parameters) ? (options.parameters as JsonObject) : {},
        actorOf(options.actor),
      );
      break;
    default:
      return refuse(404, "say reenrol, rotate-code, check-in, remove or act");
  }
  return { status: 200, value: publicReport(emulator.device(name)) };
}

/** Undefined: the portal. */
function actorOf(value: JsonValue | undefined): EmulatedActor | undefined {
  if (!isObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string"));
}

function changeFaults(method: string, body: JsonValue, emulator: Emulator, world: World): Reply {
  if (method === "DELETE") emulator.clearFaults();
  else if (method === "POST") for (const fault of checkFaults([body].flat(), "faults")) emulator.setFault(fault);
  else if (method !== "GET") return refuse(405, "GET, POST or DELETE");
  return { status: 200, value: world.faults.list().map(({ spec, fired }) => ({ fired, spec })) };
}

function decide([id]: readonly string[], body: JsonValue, emulator: Emulator): Reply {
  const decision = isObject(body) ? APPROVAL_DECISIONS.find((word) => word === body.decision) : undefined;
  if (id === undefined || decision === undefined) return refuse(400, "say which request, and approve, reject or lapse");
  emulator.decideApproval(id, decision);
  return { status: 200, value: emulator.approvals.map((approval) => ({ ...approval })) };
}

function refuse(status: number, error: string): Reply {
  return { status, value: { error } };
}

import type { IncomingHttpHeaders } from "node:http";
import { type Answer, type Call, send, serve } from "./http-relay.ts";
import { SHARED_PRISM, startRoutedPrism, UPSTREAM } from "./routed-prism.ts";

/**
 * Graph as seen through Prism. Every call goes to Prism, from there to the server of the moment,
 * and the answer the same way back. Prism takes a `$batch` as it is: each of its items is held
 * against the description as a call of its own, with the very answer that stands in the batch.
 */
export interface ValidatingProxy {
  readonly url: string;
  /** Calls from now on go to this server. */
  leadTo(url: string): void;
  /** Calls that were validated since the start, the items of batches among them. */
  validated(): number;
  /** What did not fit since it was last asked for, in words. */
  takeViolations(): readonly string[];
  close(): Promise<void>;
}

/** Marks a call whose answer is known already. */
const REPLAY = "x-replay";

/**
 * `shared`: address of a Prism that has the description of Graph already, or null for one with this
 * document alone.
 */
export async function startValidatingProxy(
  document: object,
  shared: string | null = process.env[SHARED_PRISM] ?? null,
): Promise<ValidatingProxy> {
  const violations: string[] = [];
  const replays = new Map<string, Answer>();
  let upstream = "";
  let validated = 0;

  const replay = await serve(async (call) => replays.get(String(call.headers[REPLAY])) ?? { status: 404, headers: {}, body: "" });
  const prism = shared === null ? await startRoutedPrism(document) : { url: shared, stop: async () => {} };
  const validate = async (call: Call): Promise<Answer> => {
    const target = call.headers[REPLAY] === undefined ? upstream : replay.url;
    const answer = await send(prism.url, { ...call, headers: { ...call.headers, [UPSTREAM]: target } });
    validated += 1;
    const violation = violationIn(answer);
    if (violation !== null) violations.push(`${call.method} ${call.target}: ${violation}`);
    return answer;
  };
  const front = await serve(async (call) => {
    try {
      const answer = await validate(call);
      for (const { item, reply } of itemsOf(call, answer)) {
        const name = `${replays.size}`;
        replays.set(name, reply);
        await validate({ ...item, headers: { ...item.headers, [REPLAY]: name } });
      }
      return answer;
    } catch (error) {
      violations.push(`${call.method} ${call.target}: it did not pass the proxy: ${String(error)}`);
      throw error;
    }
  });
  return {
    url: front.url,
    leadTo: (url) => {
      upstream = url;
    },
    validated: () => validated,
    takeViolations: () => violations.splice(0),
    close: async () => {
      await prism.stop();
      for (const server of [front, replay]) server.close();
    },
  };
}

/** Prism refuses what is wrong, and tells of doubts in a header. */
function violationIn({ status, headers, body }: Answer): string | null {
  if (headers["content-type"]?.startsWith("application/problem+json") !== true) {
    const doubts = headers["sl-violations"];
    return doubts === undefined ? null : String(doubts);
  }
  const problem = JSON.parse(body) as Problem;
  const places = (problem.validation ?? []).map(({ location, message }) => `${(location ?? []).join(".")}: ${message}`);
  return [`${status} ${problem.title}`, ...(places.length > 0 ? places : [problem.detail])].join("; ");
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly validation?: readonly { readonly location?: readonly string[]; readonly message?: string }[];
}

interface BatchRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface BatchResponse {
  readonly id: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The items of a batch that were answered, each as a call of its own. */
function itemsOf(call: Call, answer: Answer): readonly { readonly item: Call; readonly reply: Answer }[] {
  const [, version] = /^\/(v1\.0|beta)\/\$batch$/.exec(call.target) ?? [];
  if (version === undefined || answer.status !== 200) return [];
  const { requests } = JSON.parse(call.body) as { readonly requests: readonly BatchRequest[] };
  const { responses } = JSON.parse(answer.body) as { readonly responses: readonly BatchResponse[] };
  return responses.flatMap((response) => {
    const asked = requests.find(({ id }) => id === response.id);
    if (asked === undefined) return [];
    const item = { method: asked.method, target: `/${version}${asked.url}`, headers: lowerCase(asked.headers), body: textOf(asked.body) };
    return [{ item, reply: { status: response.status, headers: lowerCase(response.headers), body: textOf(response.body) } }];
  });
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function textOf(body: unknown): string {
  return body === undefined ? "" : JSON.stringify(body);
}

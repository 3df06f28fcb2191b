import type { Clock } from "../../providers/domain/ports.ts";
import { transportFailure } from "../../providers/support/transport-failure.ts";
import type { Target } from "./target.ts";

/** Something to be posted; `headers` are made anew for each try, for they may hold the time. */
export interface Message {
  readonly body: string;
  readonly headers: (now: number) => Readonly<Record<string, string>>;
}

/** What came of it; `why` never holds an address, nor what the other side said. */
export type Delivery = { readonly kind: "delivered" } | { readonly kind: "failed"; readonly why: string };

/** How it is sent; tests have a clock of their own. */
export interface PostOptions {
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
}

const ATTEMPTS = 3;
/** For one try. */
const TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 1_000;
/** Whoever asks for a longer pause is told by the next run. */
const LONGEST_PAUSE_MS = 15_000;
/** For all tries of one message. */
const WHOLE_MS = 45_000;

/**
 * Posts one message, three times at most. Follows no redirect, for another host may be anybody, and
 * reads no answer. What may have arrived is sent again: messages have an id by which receivers drop
 * what they have. Never throws for what the network or the other side does.
 */
export async function post(target: Target, message: Message, { clock, fetch: send = fetch }: PostOptions): Promise<Delivery> {
  const startedAt = clock.now();
  for (let tries = 1; ; tries += 1) {
    const said = await tryOnce(target, message, { clock, fetch: send });
    if (said.kind === "delivered") return said;
    const pause = Math.max(FIRST_PAUSE_MS * 4 ** (tries - 1), said.pauseMs);
    const isLate = clock.now() + pause - startedAt > WHOLE_MS;
    if (!said.mayPass || tries === ATTEMPTS || pause > LONGEST_PAUSE_MS || isLate) return { kind: "failed", why: said.why };
    await clock.sleep(pause);
  }
}

type Said =
  | { readonly kind: "delivered" }
  | { readonly kind: "failed"; readonly why: string; readonly mayPass: boolean; readonly pauseMs: number };

async function tryOnce({ url }: Target, { body, headers }: Message, { clock, fetch: send }: Required<PostOptions>): Promise<Said> {
  try {
    const answer = await send(url.reveal(), {
      method: "POST",
      headers: { "user-agent": "device-lifecycle", ...headers(clock.now()) },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return judge(answer.status, answer.headers.get("retry-after"));
  } catch (error) {
    return { kind: "failed", why: transportFailure(error).message, mayPass: true, pauseMs: 0 };
  }
}

function judge(status: number, retryAfter: string | null): Said {
  if (status >= 200 && status < 300) return { kind: "delivered" };
  const why = status >= 300 && status < 400 ? `answered ${status}: redirects are not followed` : `answered ${status}`;
  const mayPass = status === 408 || status === 429 || status >= 500;
  return { kind: "failed", why, mayPass, pauseMs: /^\d{1,6}$/.test(retryAfter ?? "") ? Number(retryAfter) * 1_000 : 0 };
}

import { ConfigurationError } from "../../providers/domain/errors.ts";
import { Redacted } from "../../providers/domain/redacted.ts";
import { isLoopbackHost } from "../../providers/support/cloud.ts";

/** Who is told. What stands behind the host is a secret: whoever has it can write there. */
export interface Target {
  readonly name: "webhook" | "teams" | "slack";
  /** Scheme, host and port: no secret. */
  readonly origin: string;
  readonly url: Redacted<URL>;
  /** What no text may have in it. */
  readonly hidden: readonly Redacted<string>[];
  /** Of a webhook alone: what its messages are signed with, the newest first. */
  readonly secrets: readonly Redacted<string>[];
}

/** The variables that name targets. Their values are secrets. */
export const TARGET_VARIABLES = { webhook: "DLR_NOTIFY_WEBHOOK", teams: "DLR_NOTIFY_TEAMS", slack: "DLR_NOTIFY_SLACK" } as const;

/** Signs what goes to the webhook: `whsec_…`, or two with a space while they change. */
export const SECRET_VARIABLE = "DLR_NOTIFY_WEBHOOK_SECRET";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Who is to be told, by the environment alone: a configuration is read by more people than an
 * address may be. Throws `ConfigurationError`, which never has an address in it.
 */
export function targetsIn(env: Environment): readonly Target[] {
  const names = Object.keys(TARGET_VARIABLES) as readonly Target["name"][];
  return names.flatMap((name) => {
    const text = env[TARGET_VARIABLES[name]] ?? "";
    return text === "" ? [] : [targetAt(name, text, env)];
  });
}

function targetAt(name: Target["name"], text: string, env: Environment): Target {
  const variable = TARGET_VARIABLES[name];
  const url = URL.parse(text.trim());
  if (url === null) throw wrong(variable, "is no address", "copy it again, whole, from where the webhook was made");
  const isPlainHere = url.protocol === "http:" && isLoopbackHost(url.hostname);
  if (url.protocol !== "https:" && !isPlainHere)
    throw wrong(variable, "is no https address", "what is sent there is for nobody on the way");
  if (url.username !== "" || url.password !== "" || url.hash !== "")
    throw wrong(variable, "has a user, a password or a fragment in it", "write the address alone");
  const path = `${url.pathname}${url.search}`;
  // A short one would be found in any text.
  const hidden = [text, ...(path.length < LEAST_BYTES ? [] : [path])].map((part) => new Redacted(part));
  return { name, origin: url.origin, url: new Redacted(url), hidden, secrets: name === "webhook" ? secretsIn(env) : [] };
}

const LEAST_BYTES = 24;
const MOST_BYTES = 64;

function secretsIn(env: Environment): readonly Redacted<string>[] {
  const words = (env[SECRET_VARIABLE] ?? "").split(/\s+/).filter((word) => word !== "");
  if (words.length === 0)
    throw wrong(
      SECRET_VARIABLE,
      "is not set: nothing is sent unsigned",
      'make one: echo "whsec_$(openssl rand -base64 32)", and give it to the receiver too',
    );
  const isRight = words.every((word) => {
    const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(word) ?? [];
    const bytes = base64 === undefined ? 0 : Buffer.from(base64, "base64").length;
    return bytes >= LEAST_BYTES && bytes <= MOST_BYTES;
  });
  if (isRight) return words.map((word) => new Redacted(word));
  throw wrong(
    SECRET_VARIABLE,
    `is not whsec_ and the base64 of ${LEAST_BYTES} to ${MOST_BYTES} bytes`,
    'make one: echo "whsec_$(openssl rand -base64 32)"',
  );
}

function wrong(variable: string, what: string, hint: string): ConfigurationError {
  return new ConfigurationError(`${variable} ${what}`, { hint });
}

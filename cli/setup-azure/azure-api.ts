import { adviceFor } from "../../infrastructure/azure-error-advice.ts";
import { printable } from "../../providers/domain/diagnostic.ts";
import { isObject, parseJson } from "../../providers/domain/json.ts";
import type { Redacted } from "../../providers/domain/redacted.ts";
import { AzureError } from "./azure-error.ts";

/** An answer of Azure or Graph; `body` is empty for one without JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const LIMIT_MS = 30_000;

/** One REST service of Azure's or of Graph's, asked with a token that goes nowhere else. */
export class AzureApi {
  readonly #origin: string;
  readonly #token: Redacted<string>;

  constructor(host: string, token: Redacted<string>) {
    this.#origin = `https://${host}`;
    this.#token = token;
  }

  get(path: string): Promise<ApiAnswer> {
    return this.#send(path, {});
  }

  post(path: string, body: unknown): Promise<ApiAnswer> {
    return this.#send(path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  }

  async #send(
    path: string,
    init: { readonly method?: string; readonly body?: string; readonly headers?: Record<string, string> },
  ): Promise<ApiAnswer> {
    const headers = { ...init.headers, authorization: `Bearer ${this.#token.reveal()}` };
    try {
      const answer = await fetch(this.#origin + path, { ...init, headers, redirect: "error", signal: AbortSignal.timeout(LIMIT_MS) });
      return { status: answer.status, body: parsed(await answer.text()) };
    } catch (error) {
      throw new AzureError(`${this.#origin} cannot be reached; nothing was made`, {
        hint: "check the network; behind a proxy set HTTPS_PROXY and NODE_USE_ENV_PROXY=1",
        cause: error,
      });
    }
  }
}

/** What an answer refuses, in Azure's words, and what to do about it. */
export function azureErrorOf(what: string, { status, body }: ApiAnswer): AzureError {
  const said = isObject(body.error) ? body.error : body;
  const code = typeof said.code === "string" ? said.code : "no code";
  const words = typeof said.message === "string" ? `: ${said.message}` : "";
  const [advice] = adviceFor(code);
  return new AzureError(printable(`${what}: Azure answered ${status} ${code}${words}`.slice(0, 1_000)), { hint: advice?.text ?? "" });
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  // A page of something in between: the status is all there is to say.
  return isObject(value) ? value : {};
}

import { Redacted } from "../../providers/domain/redacted.ts";
import { type AccessToken, parseAccessToken, type TokenOptions, type TokenSource } from "../../providers/identity/access-token.ts";

/** The application's token, opaque, and a new one each time that it is asked for anew. */
export class RenewableTokens implements TokenSource {
  #number = 1;

  /** Every token so far. */
  get texts(): readonly string[] {
    return Array.from({ length: this.#number }, (_, index) => `application-token-5f2e9c-${index + 1}`);
  }

  async application({ renew = false }: TokenOptions = {}): Promise<AccessToken> {
    if (renew) this.#number += 1;
    return parseAccessToken(new Redacted(this.texts.at(-1) ?? ""));
  }

  async delegated(): Promise<null> {
    return null;
  }
}

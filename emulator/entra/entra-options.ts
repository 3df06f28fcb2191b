/** An application as the double's tenant knows it, with what it can prove itself with. */
export interface EntraApplication {
  readonly clientId: string;
  readonly secret?: string;
  /** The secret is right and too old. */
  readonly isSecretExpired?: boolean;
  /** PEM. */
  readonly certificate?: string;
  readonly federated?: readonly FederatedCredential[];
  /** A person may sign in through it without a secret. */
  readonly isPublic?: boolean;
  /** Application permissions that were consented to. */
  readonly roles?: readonly string[];
  /** Delegated permissions that were consented to; none: nobody has consented. */
  readonly scopes?: readonly string[];
}

/** Whose token is taken in place of a secret. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** Only `applications` has to be given: nothing else signs in. */
export interface EntraOptions {
  /** 0 or none: a free one. */
  readonly port?: number;
  readonly tenantId?: string;
  /** PEM, for `localhost` and 127.0.0.1; one of its own where absent. */
  readonly certificate?: { readonly key: string; readonly cert: string };
  readonly applications: readonly EntraApplication[];
  /** Who signs in when a code is entered. */
  readonly username?: string;
  /** Milliseconds since the epoch; tokens and codes follow it. */
  readonly clock?: () => number;
  /** Of access tokens, in seconds. */
  readonly lifetime?: number;
}

/** What came in: never a secret, an assertion or a token. */
export interface SeenEntraRequest {
  readonly method: string;
  readonly path: string;
  readonly grantType: string | null;
  readonly clientId: string | null;
  /** `AADSTS…` of the refusal, or null. */
  readonly refused: string | null;
}

/** Name of the user, unless another is given. */
export const DEFAULT_USERNAME = "anna@contoso.example";

/** Of no tenant of Microsoft's. */
export const DEFAULT_TENANT = "0a1b2c3d-0000-4000-8000-00000000beef";

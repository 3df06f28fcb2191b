import { constants, createPublicKey, generateKeyPair, type KeyObject, randomUUID, verify } from "node:crypto";
import { promisify } from "node:util";
import { OAuth2Issuer } from "oauth2-mock-server";
import { isObject } from "../../providers/domain/json.ts";

type Part = Readonly<Record<string, unknown>>;

/** The parts of a signed token, not yet trusted; null for what is none. */
export function readJwt(text: string): { readonly header: Part; readonly claims: Part } | null {
  const [header, claims, signature, ...rest] = text.split(".");
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0) return null;
  const parts = [header, claims].map(parsePart);
  const [head, body] = parts;
  return isObject(head) && isObject(body) ? { header: head, claims: body } : null;
}

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}

/** RS256 or PS256, as the token's own header says. */
export function isSignedBy(text: string, key: KeyObject): boolean {
  const end = text.lastIndexOf(".");
  const [data, signature] = [Buffer.from(text.slice(0, end)), Buffer.from(text.slice(end + 1), "base64url")];
  const algorithm = readJwt(text)?.header.alg;
  if (algorithm === "PS256") {
    return verify(
      "sha256",
      data,
      { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
      signature,
    );
  }
  return algorithm === "RS256" && verify("sha256", data, key, signature);
}

let pair: Promise<KeyObject> | null = null;

/** One for all doubles of a process: making a key takes longer than anything else that they do. */
async function signingKey(): Promise<KeyObject> {
  pair ??= promisify(generateKeyPair)("rsa", { modulusLength: 2048 }).then(({ privateKey }) => privateKey);
  return pair;
}

/** Who signs tokens, and what tells that it was them. */
export async function createIssuer(): Promise<{ readonly issuer: OAuth2Issuer; readonly publicKey: KeyObject }> {
  const privateKey = await signingKey();
  const issuer = new OAuth2Issuer();
  // A copy: under a test runner the runtime's own objects are of another realm, and the library takes plain ones only.
  await issuer.keys.add({ ...privateKey.export({ format: "jwk" }), alg: "RS256", kid: randomUUID() });
  return { issuer, publicKey: createPublicKey(privateKey) };
}

import { createPublicKey, generateKeyPair, type KeyObject, randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { compactVerify, decodeJwt, errors, type JWTPayload } from "jose";
import { OAuth2Issuer } from "oauth2-mock-server";

/** What a token says of itself, not yet trusted; null for what is none. */
export function readClaims(text: string): JWTPayload | null {
  try {
    return decodeJwt(text);
  } catch (error) {
    if (error instanceof errors.JWTInvalid) return null;
    throw error;
  }
}

/** RS256 or PS256, as the token's own header says. */
export async function isSignedBy(text: string, key: KeyObject): Promise<boolean> {
  try {
    await compactVerify(text, key, { algorithms: ["RS256", "PS256"] });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
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
  // A copy: under a test runner the runtime's own objects are of another realm, and the library
  // takes plain ones only.
  await issuer.keys.add({ ...privateKey.export({ format: "jwk" }), alg: "RS256", kid: randomUUID() });
  return { issuer, publicKey: createPublicKey(privateKey) };
}

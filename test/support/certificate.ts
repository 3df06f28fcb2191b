import { generate } from "selfsigned";

/** PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * One certificate for all doubles of a test: for this machine, and for names that a tunnel leads
 * here.
 */
export async function createCertificateFor(hosts: readonly string[]): Promise<Certificate> {
  const altNames = [...["localhost", ...hosts].map((value) => ({ type: 2 as const, value })), { type: 7 as const, ip: "127.0.0.1" }];
  const { private: key, cert } = await generate([{ name: "commonName", value: "doubles of a test" }], {
    algorithm: "sha256",
    keyType: "ec",
    extensions: [{ name: "subjectAltName", altNames }],
  });
  return { key, cert };
}

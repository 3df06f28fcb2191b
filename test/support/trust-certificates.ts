import tls from "node:tls";

/**
 * Certificates that this process trusts besides its own, until the returned function is called: for
 * doubles over https.
 */
export function trustCertificates(...certificates: readonly string[]): () => void {
  const before = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...before, ...certificates]);
  return () => tls.setDefaultCACertificates(before);
}

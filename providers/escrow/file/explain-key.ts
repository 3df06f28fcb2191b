import { codePointOf, findLookAlike } from "../../support/look-alikes.ts";

const OWN_PAIR = "`dlr recipients keygen FILE`";
const UTF16 = "it looks like UTF-16, as `>` of Windows PowerShell writes it: save it as UTF-8 (Set-Content -Encoding utf8)";

/** True for bytes of UTF-16 that were read as UTF-8. */
export function looksLikeUtf16(text: string): boolean {
  return text.includes("\0");
}

/** What to do instead with a line that is no recipient. */
export function recipientHint(line: string): string {
  if (looksLikeUtf16(line)) return UTF16;
  if (/^AGE-SECRET-KEY-/i.test(line))
    return `give the public key instead (age1…); whoever saw the secret one can read: make a new pair with ${OWN_PAIR}`;
  const plugin = /^age1([a-z0-9+._-]+?)1[02-9ac-hj-np-z]{6,}$/.exec(line)?.[1];
  if (plugin !== undefined)
    return (
      `this key needs age-plugin-${plugin}, which is not used here: add a key of ${OWN_PAIR}, ` +
      `and keep its FILE encrypted to this one (age -r ${line.slice(0, 12)}… FILE)`
    );
  if (/^(?:ssh-|ecdsa-|sk-)/.test(line)) return `this is a key of SSH, which is not used here: make a pair of age's own with ${OWN_PAIR}`;
  const sign = findLookAlike(line);
  if (sign !== null)
    return `it holds ${codePointOf(sign.character)}, which looks like ${sign.looksLike}: copy the public key (age1…) as text`;
  return "copy the public key (age1…) whole, without spaces";
}

/** What to do instead with a file that holds no identity. */
export function identityHint(text: string): string {
  if (looksLikeUtf16(text)) return UTF16;
  if (/^age1/m.test(text) && !/^AGE-/im.test(text))
    return "this is the public half of a key: name the file that `keygen` wrote, which its owner keeps";
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    return `this is a key of SSH or TLS, which is not used here: make a pair of age's own with ${OWN_PAIR}`;
  if (/^age-secret-key-/m.test(text)) return "an identity is written in capitals: AGE-SECRET-KEY-1…";
  return "identities that are protected by a passphrase or a hardware key work with the age command: `age -d -i IDENTITY FILE`";
}

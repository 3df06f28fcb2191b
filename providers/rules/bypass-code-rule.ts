import { defineRule } from "./rule.ts";

/**
 * Without a code, and without one of an earlier day, nobody could unlock the device after a wipe.
 */
export const bypassCodeRule = defineRule({
  id: "bypass-code",
  code: null,
  reason: "NoBypassCode",
  outcome: "failed",
  asked: ["code"],
  key: "acknowledge",
  when: "Intune has no Activation Lock bypass code of a supervised Apple device, and none was escrowed by this request",
  goOn: "look at the device; where that is known and right, `noBypassCode` in `acknowledge`",
  needs: ["bypassCode"],
  judge: ({ request, device, hasEscrowedCode }, { bypassCode }) => {
    if (bypassCode.kind !== "absent" || hasEscrowedCode || request.terms.acknowledge.includes("noBypassCode")) return null;
    const name = device?.deviceName ?? device?.id ?? "this device";
    return {
      message: `Intune has no Activation Lock bypass code of ${name}: after a wipe nobody could unlock it`,
      hint: "nothing was sent; if that is known and right, add noBypassCode to acknowledge",
    };
  },
});

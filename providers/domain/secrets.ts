import type { Platform } from "./managed-device.ts";

/** How a secret comes to us, by Graph's own name of it. */
export type SecretOrigin =
  /** A property of the device, for as long as `until` says. */
  | { readonly kind: "device"; readonly until: string; readonly source: string }
  /**
   * A property of the result of `action`: made by the device, always on these platforms, maybe on
   * others. Intune shows it for `shownDays` days, at most.
   */
  | {
      readonly kind: "result";
      readonly action: string;
      readonly on: readonly Platform[];
      readonly shownDays: number;
      readonly source: string;
    }
  /** A parameter of `action`, made up by us for these platforms: Graph never shows it. */
  | { readonly kind: "sent"; readonly action: string; readonly on: readonly Platform[]; readonly source: string };

/** One kind of secret: all that differs between it and the others. */
export interface Secret {
  /** Whoever reads it from escrow sees this over it. */
  readonly title: string;
  /** In a sentence: `the PIN that it makes`. */
  readonly word: string;
  /** What a person does with it. */
  readonly use: string;
  readonly origin: SecretOrigin;
  /**
   * What it looks like wherever it stands, so that it is hidden without its name; null where it
   * looks like any other text.
   */
  readonly looks: string | null;
  /** So long that a hash tells two of them apart and tells nobody what they are. */
  readonly hasFingerprint: boolean;
}

/**
 * Every kind of secret. The key is Graph's name of the property or parameter, and what ledger and
 * escrow hold. What hides, reads, escrows and explains secrets goes by this table.
 */
export const SECRETS = {
  activationLockBypassCode: {
    title: "Activation Lock bypass code",
    word: "bypass code",
    use: "on the Activation Lock screen leave the Apple ID empty and enter the code as the password; a device that was set up again since has a new code",
    origin: {
      kind: "device",
      until: "the device is erased or leaves Intune",
      source: "https://learn.microsoft.com/intune/device-management/actions/disable-activation-lock",
    },
    looks: "[0-9A-Z]{5}-[0-9A-Z]{5}(?:-[0-9A-Z]{4}){4}",
    hasFingerprint: true,
  },
  passcode: {
    title: "New passcode",
    word: "passcode",
    use: "enter it on the lock screen; then let the user choose another",
    origin: {
      kind: "result",
      action: "resetPasscode",
      on: ["Android"],
      shownDays: 7,
      source: "https://learn.microsoft.com/intune/device-management/actions/reset-passcode",
    },
    looks: null,
    hasFingerprint: false,
  },
  // Any other action that is sent to the Mac takes it away before.
  unlockPin: {
    title: "PIN of a remote lock",
    word: "PIN",
    use: "enter it on the screen of the locked device",
    origin: {
      kind: "result",
      action: "remoteLock",
      on: ["macOS"],
      shownDays: 30,
      source: "https://learn.microsoft.com/intune/device-management/actions/remote-lock",
    },
    looks: null,
    hasFingerprint: false,
  },
  // A Mac without a security chip asks for it after the wipe.
  macOsUnlockCode: {
    title: "PIN of a Mac's wipe",
    word: "PIN",
    use: "enter the six digits when the Mac asks for its PIN",
    origin: {
      kind: "sent",
      action: "wipe",
      on: ["macOS"],
      source: "https://learn.microsoft.com/graph/api/intune-devices-manageddevice-wipe",
    },
    looks: null,
    hasFingerprint: false,
  },
} as const satisfies Readonly<Record<string, Secret>>;

/** Every kind of secret, as ledger and escrow name it. */
export type SecretKind = keyof typeof SECRETS;

type KindOf<Origin extends SecretOrigin["kind"]> = {
  [Kind in SecretKind]: (typeof SECRETS)[Kind]["origin"]["kind"] extends Origin ? Kind : never;
}[SecretKind];

/** What an action's result shows. */
export type ResultSecretKind = KindOf<"result">;

/** What we make up and send along. */
export type SentSecretKind = KindOf<"sent">;

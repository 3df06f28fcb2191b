import type { ResourceNames } from "./arguments.ts";
import type { Form } from "./config-reader.ts";

const CONTAINER: Form = {
  pattern: /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/,
  words: "3 to 63 lower-case letters, digits and single hyphens, with a letter or digit at both ends",
};
const IDENTITY: Form = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
  words: "3 to 128 letters, digits, hyphens and underscores, beginning with a letter or digit",
};

/**
 * Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
 */
export const NAME_RULES: Readonly<Record<keyof ResourceNames, Form>> = {
  resourceGroup: {
    pattern: /^[\w().-]{0,89}[\w()-]$/,
    words: "1 to 90 letters, digits, hyphens, underscores, parentheses and periods, with no period at the end",
  },
  vault: {
    pattern: /^(?=.{3,24}$)[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/,
    words: "3 to 24 letters, digits and single hyphens, beginning with a letter and ending with a letter or digit",
  },
  storageAccount: { pattern: /^[a-z0-9]{3,24}$/, words: "3 to 24 lower-case letters and digits" },
  ledgerContainer: CONTAINER,
  stateContainer: CONTAINER,
  workspace: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
    words: "4 to 63 letters, digits and hyphens, with a letter or digit at both ends",
  },
  previewIdentity: IDENTITY,
  upIdentity: IDENTITY,
};

/** The configuration keys that name something in Azure. */
export const NAME_KEYS = Object.keys(NAME_RULES) as readonly (keyof ResourceNames)[];

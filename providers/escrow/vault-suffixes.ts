/** What names of vaults end in, by cloud. Source: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates */
export const VAULT_SUFFIXES = {
  global: "vault.azure.net",
  usGovernment: "vault.usgovcloudapi.net",
  usGovernmentDod: "vault.usgovcloudapi.net",
  china: "vault.azure.cn",
} as const;

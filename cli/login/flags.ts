/** As typed and unchecked. Without `status` and `logout` it is a sign-in. */
export interface LoginFlags {
  readonly tenant?: string;
  readonly clientId?: string;
  readonly cloud?: string;
  readonly status?: true;
  readonly logout?: true;
}

import { setImmediate } from "node:timers/promises";
import { KINDS, type Properties, type ResourceKind, SUBSCRIPTION, textOf } from "./azure-resources.ts";

/** An answer of Azure's that is no success. */
export class AzureRefusal extends Error {
  constructor(code: string, message: string) {
    super(`Code="${code}" Message="${message}"`);
  }
}

/** Azure's resource manager as azure-native sees it: what is there, by id, and what it refuses. */
export class AzureDouble {
  /** What was done, oldest first: `create vault`, with the type's last word and the name. */
  readonly done: string[] = [];
  /** Types whose next create is refused, with code and message. */
  readonly refusals = new Map<string, AzureRefusal>();
  readonly #resources = new Map<string, { readonly type: string; readonly inputs: Properties }>();
  readonly #busyParents = new Set<string>();

  get ids(): readonly string[] {
    return [...this.#resources.keys()];
  }

  /** Who is signed in, as `getClientConfig` tells. */
  clientConfig = {
    clientId: "",
    objectId: "77777777-2222-3333-4444-555555555555",
    subscriptionId: SUBSCRIPTION.split("/")[2] ?? "",
    tenantId: "11111111-2222-3333-4444-555555555555",
  };

  async create(type: string, inputs: Properties): Promise<{ readonly id: string; readonly state: Properties }> {
    const { id, parentId, state } = kindOf(type);
    const own = id(inputs);
    const parent = parentId(inputs);
    this.#refuse(type, own, parent);
    const release = this.#enter(type, parent);
    // Two requests that are under way at once meet here.
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    release();
    if (type.endsWith(":RoleAssignment")) this.#requireRole(textOf(inputs, "roleDefinitionId"));
    this.#resources.set(own.toLowerCase(), { type, inputs });
    this.done.push(`create ${type.split(":").at(-1)} ${own.split("/").at(-1)}`);
    return { id: own, state: state(inputs, own) };
  }

  update(type: string, id: string, inputs: Properties): Properties {
    if (!this.#resources.has(id.toLowerCase())) throw new AzureRefusal("ResourceNotFound", id);
    this.#resources.set(id.toLowerCase(), { type, inputs });
    this.done.push(`update ${type.split(":").at(-1)} ${id.split("/").at(-1)}`);
    return kindOf(type).state(inputs, id);
  }

  /** As it is now, or null when it is gone. */
  read(id: string): { readonly inputs: Properties; readonly state: Properties } | null {
    const found = this.#resources.get(id.toLowerCase());
    return found === undefined ? null : { inputs: found.inputs, state: kindOf(found.type).state(found.inputs, id) };
  }

  /** Somebody deletes it in the portal. */
  lose(id: string): void {
    this.#resources.delete(id.toLowerCase());
  }

  delete(type: string, id: string): void {
    this.lose(id);
    this.done.push(`delete ${type.split(":").at(-1)} ${id.split("/").at(-1)}`);
  }

  /** Names of the inputs that differ, and of those that cannot be changed in place. */
  diff(type: string, before: Properties, after: Properties): { readonly changed: readonly string[]; readonly replaced: readonly string[] } {
    const kind = kindOf(type);
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
    const isMoved = (key: string) => kind.fixed.includes(key) || kind.id(before) !== kind.id({ ...before, [key]: after[key] });
    return { changed, replaced: changed.filter(isMoved) };
  }

  #refuse(type: string, own: string, parent: string | null): void {
    const refusal = this.refusals.get(type.split(":").at(-1) ?? "");
    this.refusals.delete(type.split(":").at(-1) ?? "");
    if (refusal !== undefined) throw refusal;
    if (this.#resources.has(own.toLowerCase())) throw new Error(`cannot create already existing resource '${own}'`);
    // The blob service of an account is there with the account.
    const needed = parent?.replace(/\/blobServices\/default$/, "").toLowerCase();
    if (needed !== undefined && !this.#resources.has(needed)) throw new AzureRefusal("ParentResourceNotFound", String(parent));
  }

  /** Azure's own rule for federated credentials: one write at a time for an identity. */
  #enter(type: string, parent: string | null): () => void {
    if (!type.endsWith(":FederatedIdentityCredential") || parent === null) return () => undefined;
    if (this.#busyParents.has(parent))
      throw new AzureRefusal("ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity", parent);
    this.#busyParents.add(parent);
    return () => this.#busyParents.delete(parent);
  }

  /** Azure's own roles are everywhere; ours must have been made. */
  #requireRole(id: string): void {
    const isOurs = /-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id);
    if (isOurs && !this.#resources.has(id.toLowerCase())) throw new AzureRefusal("RoleDefinitionDoesNotExist", id);
  }
}

function kindOf(type: string): ResourceKind {
  const kind = KINDS[type.replace("azure-native:", "")];
  if (kind === undefined) throw new Error(`the double knows no ${type}`);
  return kind;
}

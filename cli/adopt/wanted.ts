/** What somebody asks for, whatever it was written into; nothing of it is checked yet. */
export interface Wanted {
  /** Name of the request, and of its file. */
  readonly name: string;
  readonly devices: WantedDevices;
  readonly playbook: string;
  readonly reason: string;
  /** Undefined where nothing was said, as the other two. */
  readonly ticket?: string | undefined;
  readonly expires?: string | undefined;
  readonly acknowledge?: readonly string[] | undefined;
}

/** The devices in the request itself, or in a list beside it; rows have the cells of `columns`. */
export type WantedDevices =
  | { readonly kind: "named"; readonly key: "serialNumber" | "id"; readonly names: readonly string[] }
  | { readonly kind: "list"; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** What a mistake is about, in the terms of a request. */
export type Field = "name" | "devices" | "playbook" | "reason" | "ticket" | "expires" | "acknowledge";

/** How a mistake speaks to somebody who has never seen the YAML. */
export interface Words {
  /** What the field is called there. */
  readonly label: (field: Field) => string;
  /** What to do so that the field has a value. */
  readonly write: (field: Field, ...values: readonly string[]) => string;
}

/** Something to put right before anything is written. */
export interface Mistake {
  /** A field by its label, or a place in a file; empty where it is about the whole. */
  readonly where: string;
  readonly message: string;
  readonly hint: string;
}

import type { JsonValue } from "../../providers/domain/json.ts";

/** What faults and tests tell calls apart by; `readCode` is a read that selects the bypass code. */
export type CallKind =
  | "list"
  | "read"
  | "readCode"
  | "action"
  | "batch"
  | "approvals"
  | "audit"
  | "policies"
  | "policyWrite"
  | "states"
  | "other";

/** What a call is about. */
export interface CallDescription {
  readonly kind: CallKind;
  /** Name of the action; null for reads. */
  readonly action: string | null;
  readonly deviceId: string | null;
  readonly serialNumber: string | null;
  /** An item of a `$batch`. */
  readonly batched: boolean;
}

/**
 * One call as it came in. The items of a `$batch` follow their batch, each as a call of its own.
 */
export interface RecordedRequest extends CallDescription {
  /** From 1, in the order of arrival. */
  readonly sequence: number;
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly at: number;
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  /** Names in lower case; `authorization` is left out. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonValue | null;
  readonly requestId: string;
  /** Null until answered, and for good when no answer went out. */
  readonly status: number | null;
}

/** An action that changed a device's state. */
interface AppliedAction {
  readonly action: string;
  readonly deviceId: string;
  readonly serialNumber: string | null;
  readonly sequence: number;
}

/**
 * `request`: before it is handled. `applied`: an action was accepted, its answer not sent yet.
 * `answered`: the answer has left. `unanswered`: none left, or only a part of it. The last two tell
 * of a `$batch` as a whole, not of its items.
 */
export interface EmulatorEvents {
  readonly request: RecordedRequest;
  readonly applied: AppliedAction;
  readonly answered: RecordedRequest;
  readonly unanswered: RecordedRequest;
}

/** The emulator waits for what a listener returns before it goes on. */
export type EmulatorListener<K extends keyof EmulatorEvents> = (event: EmulatorEvents[K]) => void | Promise<void>;

type Draft = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] };

type Listeners = { readonly [K in keyof EmulatorEvents]: Set<EmulatorListener<K>> };

/** Everything that was asked, in order, and who wants to know. */
export class Journal {
  readonly requests: RecordedRequest[] = [];
  readonly #listeners: Listeners = { request: new Set(), applied: new Set(), answered: new Set(), unanswered: new Set() };

  open(record: Omit<RecordedRequest, "sequence" | "status">): Draft {
    const draft: Draft = { ...record, sequence: this.requests.length + 1, status: null };
    this.requests.push(draft);
    return draft;
  }

  /** Returns the way to stop listening. */
  on<K extends keyof EmulatorEvents>(event: K, listener: EmulatorListener<K>): () => void {
    const listeners: Set<EmulatorListener<K>> = this.#listeners[event];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  async emit<K extends keyof EmulatorEvents>(event: K, value: EmulatorEvents[K]): Promise<void> {
    const listeners: Set<EmulatorListener<K>> = this.#listeners[event];
    for (const listener of listeners) await listener(value);
  }
}

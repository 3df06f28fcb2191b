import type { Emulator } from "../../../emulator/graph/start-emulator.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed body; null for an empty one. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into Graph's JSON as it comes
  readonly body: any;
}

export interface CallOptions {
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * One HTTP call of the emulator, with a token unless `token` is null. `path` starts with the
 * version.
 */
export async function call(emulator: Pick<Emulator, "url">, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { token = "any", headers = {}, body, signal } = options;
  const response = await fetch(`${emulator.url}${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

export function get(emulator: Pick<Emulator, "url">, path: string, options: CallOptions = {}): Promise<Answer> {
  return call(emulator, "GET", path, options);
}

export function post(emulator: Pick<Emulator, "url">, path: string, body?: unknown, options: CallOptions = {}): Promise<Answer> {
  return call(emulator, "POST", path, body === undefined ? options : { ...options, body });
}

/** `/v1.0/deviceManagement/managedDevices/ID` of a device, with what follows. */
export function devicePath(emulator: Emulator, serial: string, rest = "", version = "v1.0"): string {
  return `/${version}/deviceManagement/managedDevices/${emulator.device(serial).id}${rest}`;
}

function parse(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

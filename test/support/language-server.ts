import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

export interface ServerDiagnostic {
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
  readonly message: string;
}

/**
 * The YAML language server that editors run, over its own protocol on stdio. Source:
 * https://microsoft.github.io/language-server-protocol/
 */
export class LanguageServer {
  readonly #child: ChildProcess;
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #answers = new Map<number, (result: unknown) => void>();
  readonly #watchers = new Map<string, (found: readonly ServerDiagnostic[]) => void>();
  #buffer = Buffer.alloc(0);
  #lastId = 0;

  private constructor(settings: Readonly<Record<string, unknown>>) {
    this.#settings = settings;
    const program = path.join(path.dirname(require.resolve("yaml-language-server/package.json")), "bin/yaml-language-server");
    this.#child = spawn(process.execPath, [program, "--stdio"], { cwd: ROOT, stdio: ["pipe", "pipe", "ignore"] });
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#read(chunk));
  }

  /** `settings` are those of an editor, with dots in their keys. */
  static async start(settings: Readonly<Record<string, unknown>>): Promise<LanguageServer> {
    const server = new LanguageServer(settings);
    const rootUri = pathToFileURL(ROOT).href;
    await server.#ask("initialize", {
      processId: process.pid,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: "project" }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: { completion: { completionItem: { documentationFormat: ["markdown"], snippetSupport: true } }, hover: {} },
      },
    });
    server.#tell("initialized", {});
    return server;
  }

  /** Opens a text as a file of the project and gives what the server says of it. */
  async open(file: string, text: string): Promise<readonly ServerDiagnostic[]> {
    const uri = uriOf(file);
    const found = new Promise<readonly ServerDiagnostic[]>((resolve) => this.#watchers.set(uri, resolve));
    this.#tell("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version: 1, text } });
    return await found;
  }

  /** Lines and columns count from 0. */
  async ask(method: "completion" | "hover", file: string, line: number, character: number): Promise<unknown> {
    return await this.#ask(`textDocument/${method}`, { textDocument: { uri: uriOf(file) }, position: { line, character } });
  }

  stop(): void {
    this.#child.kill();
  }

  #ask(method: string, params: unknown): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#send({ id, method, params });
    });
  }

  #tell(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  #send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (let message = this.#take(); message !== null; message = this.#take()) this.#handle(message);
  }

  #take(): Message | null {
    const end = this.#buffer.indexOf("\r\n\r\n");
    if (end === -1) return null;
    const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.toString("latin1", 0, end))?.[1]);
    const start = end + 4;
    if (this.#buffer.length < start + length) return null;
    const body = this.#buffer.toString("utf8", start, start + length);
    this.#buffer = this.#buffer.subarray(start + length);
    return JSON.parse(body) as Message;
  }

  #handle({ id, method, params, result }: Message): void {
    if (method === undefined) {
      if (id !== undefined) this.#answers.get(id)?.(result);
    } else if (method === "workspace/configuration") {
      const { items } = params as { readonly items: readonly { readonly section: string }[] };
      this.#send({ id: id ?? 0, result: items.map(({ section }) => this.#section(section)) });
    } else if (method === "textDocument/publishDiagnostics") {
      const { uri, diagnostics } = params as { readonly uri: string; readonly diagnostics: readonly ServerDiagnostic[] };
      this.#watchers.get(uri)?.(diagnostics);
    } else if (id !== undefined) this.#send({ id, result: null });
  }

  /**
   * `{ schemas: …, schemaStore: { enable: … } }` of `yaml.schemas` and `yaml.schemaStore.enable`.
   */
  #section(section: string): unknown {
    const found: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(this.#settings)) {
      if (!key.startsWith(`${section}.`)) continue;
      const [first = "", second] = key.slice(section.length + 1).split(".");
      found[first] = second === undefined ? value : { [second]: value };
    }
    return found;
  }
}

function uriOf(file: string): string {
  return pathToFileURL(path.join(ROOT, file)).href;
}

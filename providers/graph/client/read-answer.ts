import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { TransportFailure } from "../../support/transport-failure.ts";
import type { GraphAnswer } from "./answer.ts";
import { safeHeaders } from "./safe-headers.ts";

/** Bytes, before and after unpacking: a page of 1,000 devices has one or two million. */
const LARGEST = 64 * 2 ** 20;

/**
 * Waits for the whole body; throws `TransportFailure` with the answer's status where it does not
 * come.
 */
export async function readAnswer(message: IncomingMessage): Promise<GraphAnswer> {
  const headers = safeHeaders(
    Object.entries(message.headersDistinct).flatMap(([name, texts]) => (texts ?? []).map((text) => [name, text])),
  );
  const status = message.statusCode ?? 0;
  try {
    const bytes = await unpack(await readBytes(message), headers.get("content-encoding"));
    return { status, headers, body: new TextDecoder().decode(bytes) };
  } catch (cause) {
    throw new TransportFailure("body", "the answer broke off", { cause, status, requestId: headers.get("request-id") });
  }
}

async function readBytes(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST) throw new Error("the answer does not end");
    chunks.push(chunk);
  }
  if (!message.complete) throw new Error("the answer is shorter than it said");
  return Buffer.concat(chunks);
}

const unzip = promisify(gunzip);

async function unpack(bytes: Buffer, encoding: string | null): Promise<Buffer> {
  if (bytes.length === 0 || encoding === null || /^identity$/i.test(encoding)) return bytes;
  if (/^(?:x-)?gzip$/i.test(encoding)) return unzip(bytes, { maxOutputLength: LARGEST });
  throw new Error("the answer is packed in a way that was not asked for");
}

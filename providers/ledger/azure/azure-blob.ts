import { finished } from "node:stream/promises";
import { LedgerError } from "../../domain/errors.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { poll } from "../../support/retry.ts";
import { StorageFailure } from "./azure-failure.ts";
import type { AzureStore } from "./azure-store.ts";

/** How a blob stood when something of it was read. */
export interface BlobState {
  /** Length of the whole blob. A blob ends where a block ends: appending one is all or nothing. */
  readonly size: number;
  readonly etag: string | null;
  /** Blocks appended so far; storage takes 50,000. */
  readonly blocks: number;
}

/** A stretch of a blob. */
export interface Stretch extends BlobState {
  readonly bytes: Buffer;
}

/** The same as it came, piece by piece: none of its bytes was copied. */
export interface Pieces extends BlobState {
  readonly pieces: readonly Buffer[];
}

/** Where the blob ends, and its etag where we know it. */
export interface BlobEnd {
  readonly size: number;
  readonly etag: string | null;
}

/** The blob after an append: `blocks` counts all of its blocks, 50,000 at most. */
export interface Appended {
  readonly etag: string | null;
  readonly blocks: number;
}

/**
 * At most `count` bytes from `from` on; null when there is no such blob. Throws `LedgerError` for a
 * blob shorter than `from`.
 */
export async function readStretch(store: AzureStore, name: string, from: number, count: number): Promise<Stretch | null> {
  const found = await readPieces(store, name, from, count);
  if (found === null) return null;
  const { pieces, ...state } = found;
  return { ...state, bytes: Buffer.concat(pieces) };
}

/** As `readStretch`. */
export async function readPieces(store: AzureStore, name: string, from: number, count: number): Promise<Pieces | null> {
  // One byte before is read too: it is always there, so that a blob that did not grow is no error,
  // and one that shrank is.
  const overlap = from === 0 ? 0 : 1;
  try {
    return await store.call(async (container, limits) => {
      const answer = await container.getBlobClient(name).download(from - overlap, count + overlap, { ...limits, maxRetryRequests: 0 });
      const [, start, size] = /^bytes (\d+)-.+\/(\d+)$/.exec(answer.contentRange ?? "") ?? [];
      if (answer.readableStreamBody === undefined || Number(start) !== from - overlap) throw notThatStretch();
      const [first = NOTHING, ...others] = await chunksOf(answer.readableStreamBody);
      const pieces = [first.subarray(overlap), ...others];
      return { pieces, size: Number(size), etag: answer.etag ?? null, blocks: answer.blobCommittedBlockCount ?? 0 };
    });
  } catch (error) {
    if (!(error instanceof StorageFailure)) throw error;
    if (error.isMissing) return null;
    if (error.status !== 416) throw error;
    if (from === 0) return { pieces: [], size: 0, etag: null, blocks: 0 };
    throw changedBlob(store, name);
  }
}

const NOTHING = Buffer.alloc(0);

/**
 * As they flow. Through an iterator, or a `Blob` as `stream/consumers` has it, took half as long
 * again.
 */
async function chunksOf(stream: NodeJS.ReadableStream): Promise<readonly Buffer[]> {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  await finished(stream);
  return chunks;
}

/** Something between us and storage may know no ranges. */
function notThatStretch(): StorageFailure {
  return new StorageFailure(200, "WrongRange", "the answer is not the part of the blob that was asked for");
}

/** True when it was made now, false when it was there. */
export async function createBlob(store: AzureStore, name: string): Promise<boolean> {
  try {
    await store.call((container, limits) => container.getAppendBlobClient(name).create({ ...limits, conditions: { ifNoneMatch: "*" } }));
    return true;
  } catch (error) {
    if (error instanceof StorageFailure && error.code === "BlobAlreadyExists") return false;
    throw error;
  }
}

/** A blob in a list. */
export interface ListedBlob {
  readonly name: string;
  readonly size: number;
}

/**
 * Blobs of such names, in the order of their names, up to the page with the first that is wanted.
 */
export async function listBlobs(
  store: AzureStore,
  prefix: string,
  isWanted: (blob: ListedBlob) => boolean,
): Promise<readonly ListedBlob[]> {
  return store.call(async (container, { abortSignal }) => {
    const found: ListedBlob[] = [];
    for await (const { segment } of container.listBlobsFlat({ prefix, abortSignal }).byPage({ maxPageSize: PAGE })) {
      found.push(...segment.blobItems.map(({ name, properties }) => ({ name, size: properties.contentLength ?? 0 })));
      if (found.some(isWanted) || found.length >= MOST_LISTED) break;
    }
    return found;
  });
}

/** 30 names took 30 milliseconds to read, and 8 take 10. */
const PAGE = 8;
const MOST_LISTED = 200;

/** One try, of one request: the blob is there whole, or not at all. Throws where one is there. */
export async function putBlob(store: AzureStore, name: string, bytes: Buffer): Promise<void> {
  await store.once(
    (container, limits) => container.getBlockBlobClient(name).upload(bytes, bytes.length, { ...limits, conditions: { ifNoneMatch: "*" } }),
    PUT_TIMEOUT_MS,
  );
}

const PUT_TIMEOUT_MS = 60_000;

/**
 * Appends the block where the blob ends, if it still ends there; `moved` when somebody else
 * appended first. The condition on the position lets at most one try through, however many are on
 * their way. After an answer that was lost, or that says that the position moved, the blob itself
 * tells: what stands at that place never changes again.
 */
export async function appendBlock(store: AzureStore, name: string, block: Buffer, end: BlobEnd): Promise<Appended | "moved"> {
  const conditions = { appendPosition: end.size, ...(end.etag === null ? {} : { ifMatch: end.etag }) };
  const failures: StorageFailure[] = [];
  const appended = await poll(async () => {
    const answer = await appendOnce(store, name, block, conditions);
    if (!(answer instanceof StorageFailure)) return answer;
    failures.push(answer);
    if (answer.code === "BlobNotFound") throw changedBlob(store, name);
    if (!answer.isPassing && answer.status !== 412) throw answer;
    const found = await whatIsThere(store, name, block, end);
    if (found === null && answer.status === 412) throw changedBlob(store, name);
    return found;
  }, store.pace());
  if (appended === null) throw failures.at(-1);
  return appended;
}

/** Null while the blob ends where it ended. */
async function whatIsThere(store: AzureStore, name: string, block: Buffer, end: BlobEnd): Promise<Appended | "moved" | null> {
  const there = await readStretch(store, name, end.size, block.length);
  if (there === null) throw changedBlob(store, name);
  if (there.size === end.size) return null;
  return there.bytes.equals(block) ? takenAs(there, end.size + block.length) : "moved";
}

async function appendOnce(
  store: AzureStore,
  name: string,
  block: Buffer,
  conditions: { readonly appendPosition: number; readonly ifMatch?: string },
): Promise<Appended | StorageFailure> {
  try {
    const answer = await store.once((container, limits) =>
      container.getAppendBlobClient(name).appendBlock(block, block.length, { ...limits, conditions: { ...conditions } }),
    );
    return { etag: answer.etag ?? null, blocks: answer.blobCommittedBlockCount ?? 0 };
  } catch (error) {
    if (error instanceof StorageFailure) return error;
    throw error;
  }
}

/** The etag is the one after our block only where nothing follows it. */
function takenAs({ size, etag, blocks }: Stretch, ours: number): Appended {
  return { etag: size === ours ? etag : null, blocks };
}

/** What a run relied on is not there any more. */
export function changedBlob(store: AzureStore, name: string): LedgerError {
  return new LedgerError(`${store.url}/${name} was removed, replaced or cut while this process used it`, {
    hint: `find out what changed it (${dlrCommand("ledger verify", undefined, ["--ledger", store.url])} reads it through), restore it if need be, then run the command again`,
  });
}

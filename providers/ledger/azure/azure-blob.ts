import { LedgerError } from "../../domain/errors.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { poll } from "../../support/retry.ts";
import { StorageFailure } from "./azure-failure.ts";
import type { AzureStore } from "./azure-store.ts";

/** A stretch of an append blob, and how the blob stood when it was read. */
export interface Stretch {
  readonly bytes: Buffer;
  /** Length of the whole blob. A blob ends where a block ends: appending one is all or nothing. */
  readonly size: number;
  readonly etag: string | null;
  /** Blocks appended so far; storage takes 50,000. */
  readonly blocks: number;
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
  // One byte before is read too: it is always there, so that a blob that did not grow is no error,
  // and one that shrank is.
  const overlap = from === 0 ? 0 : 1;
  try {
    return await store.call(async (container, limits) => {
      const answer = await container.getBlobClient(name).download(from - overlap, count + overlap, { ...limits, maxRetryRequests: 0 });
      const [, start, size] = /^bytes (\d+)-.+\/(\d+)$/.exec(answer.contentRange ?? "") ?? [];
      if (answer.readableStreamBody === undefined || Number(start) !== from - overlap) throw notThatStretch();
      const bytes = (await bytesOf(answer.readableStreamBody)).subarray(overlap);
      return { bytes, size: Number(size), etag: answer.etag ?? null, blocks: answer.blobCommittedBlockCount ?? 0 };
    });
  } catch (error) {
    if (!(error instanceof StorageFailure)) throw error;
    if (error.isMissing) return null;
    if (error.status !== 416) throw error;
    if (from === 0) return { bytes: Buffer.alloc(0), size: 0, etag: null, blocks: 0 };
    throw changedBlob(store, name);
  }
}

/** As it flows: through an iterator, and a `Blob` as `stream/consumers` has it, took half as long again. */
function bytesOf(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () => resolve(Buffer.concat(chunks)));
  stream.on("error", reject);
  return promise;
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
 * The first blobs of such names, in the order of their names: at most `most`, and not none where
 * there are any.
 */
export async function listBlobs(store: AzureStore, prefix: string, most: number): Promise<readonly ListedBlob[]> {
  return store.call(async (container, { abortSignal }) => {
    // A page may be empty and not the last.
    for await (const { segment } of container.listBlobsFlat({ prefix, abortSignal }).byPage({ maxPageSize: most })) {
      if (segment.blobItems.length > 0)
        return segment.blobItems.map(({ name, properties }) => ({ name, size: properties.contentLength ?? 0 }));
    }
    return [];
  });
}

/** One try, of one request: the blob is there whole, or not at all. Leaves one that is there. */
export async function putBlob(store: AzureStore, name: string, bytes: Buffer): Promise<void> {
  try {
    await store.once(
      (container, limits) =>
        container.getBlockBlobClient(name).upload(bytes, bytes.length, { ...limits, conditions: { ifNoneMatch: "*" } }),
      PUT_TIMEOUT_MS,
    );
  } catch (error) {
    if (!(error instanceof StorageFailure) || error.code !== "BlobAlreadyExists") throw error;
  }
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

export function changedBlob(store: AzureStore, name: string): LedgerError {
  return new LedgerError(`${store.url}/${name} was removed, replaced or cut while this process used it`, {
    hint: `find out what changed it (${dlrCommand("ledger verify", undefined, ["--ledger", store.url])} reads it through), restore it if need be, then run the command again`,
  });
}

import type { LookAtCode } from "../../domain/device-fleet.ts";
import { GraphReadError } from "../../domain/errors.ts";
import { mapInPool } from "../../support/map-in-pool.ts";
import { readError } from "../client/answer.ts";
import { createBatchReads, inChunks, type ReadMany } from "../client/batch.ts";
import type { GraphClient, ReadAnswer } from "../client/graph-client.ts";
import { readNotFound } from "../client/not-found.ts";
import { devicePath, withQuery } from "../client/urls.ts";
import { isOk, orReadError, parseBody, parseCode } from "./device-reads.ts";
import { isSameText } from "./match-selector.ts";
import { BYPASS_CODE_PROPERTIES } from "./selected-properties.ts";

/**
 * The code of each device by a GET of its own, 20 of them in a `$batch`: Graph shows it in no
 * list. The first batch goes alone, and tells whether this identity may read codes at all.
 */
export async function lookAtCodes<T>(
  client: GraphClient,
  ids: readonly string[],
  look: LookAtCode<T>,
): Promise<readonly (T | GraphReadError)[]> {
  const readMany = createBatchReads(client);
  let looked = 0;
  let refusal: GraphReadError | null = null;
  const lookAtChunk = async (chunk: readonly string[]) => {
    if (refusal !== null) return refused(chunk, refusal);
    const answers = await readChunk(readMany, chunk);
    if (answers instanceof GraphReadError) {
      refusal = answers;
      return refused(chunk, answers);
    }
    looked += chunk.length;
    client.progress(`looked for the codes of ${looked} of ${ids.length} devices`);
    return chunk.map((id, index) => judge(client, id, answers[index], look));
  };
  const [first = [], ...rest] = inChunks(ids);
  const probe = await lookAtChunk(first);
  refusal ??= refusalOf(probe);
  return [...probe, ...(await mapInPool(rest, client.limits.parallelBatches, lookAtChunk)).flat()];
}

function refused(chunk: readonly string[], error: GraphReadError): readonly GraphReadError[] {
  return chunk.map(() => error);
}

/** Null unless Graph said to every one of them that it is not allowed. */
function refusalOf(results: readonly unknown[]): GraphReadError | null {
  const [first] = results;
  const isRefused = results.every((result) => result instanceof GraphReadError && result.status === 403);
  return isRefused && first instanceof GraphReadError ? first : null;
}

async function readChunk(readMany: ReadMany, ids: readonly string[]): Promise<readonly (ReadAnswer | GraphReadError)[] | GraphReadError> {
  const path = (id: string) => withQuery(devicePath({ id, path: { kind: "managedDevices" } }), { select: BYPASS_CODE_PROPERTIES });
  try {
    return await readMany(ids.map(path));
  } catch (error) {
    if (error instanceof GraphReadError) return error;
    throw error;
  }
}

/** Leaves the server's own words out: they may hold a secret that is not known yet. */
function judge<T>(
  client: GraphClient,
  id: string,
  answer: ReadAnswer | GraphReadError | undefined,
  look: LookAtCode<T>,
): T | GraphReadError {
  if (answer === undefined) return new GraphReadError("Graph's answer lacks the code of a device");
  if (answer instanceof GraphReadError) return answer;
  const what = "the Activation Lock bypass code of a device";
  if (answer.status === 404 && readNotFound(what, answer, answer.secrets) === null)
    return new GraphReadError("Graph does not know the device: it may have left while the report was made", { status: 404 });
  if (!isOk(answer)) return readError(what, { status: answer.status, body: "" }, []);
  return orReadError(() => {
    const read = parseCode(client, parseBody(answer));
    if (isSameText(read.id, id)) return look(read.code, id);
    throw new GraphReadError("Graph gave another device than the one that was asked for");
  });
}

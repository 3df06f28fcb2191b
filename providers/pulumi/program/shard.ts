import { createHash } from "node:crypto";
import type { Settings } from "../settings.ts";

/** Each request belongs to exactly one shard, by its name alone, whatever else is in the folder. */
export function isInShard(name: string, shard: Settings["shard"]): boolean {
  return createHash("sha256").update(name).digest().readUInt32BE(0) % shard.of === shard.index - 1;
}

import { hash } from "node:crypto";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { MemoryBytes } from "../../providers/ledger/memory-bytes.ts";

const anyPieces = fc.array(
  fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes)),
  { maxLength: 6 },
);

test("bytes in pieces are read and hashed as if they were one", async () => {
  await fc.assert(
    fc.asyncProperty(anyPieces, fc.nat(32), fc.nat(32), async (pieces, start, length) => {
      const [bytes, whole] = [new MemoryBytes(pieces), Buffer.concat(pieces)];
      const end = start + length;

      expect(bytes.length).toBe(whole.length);
      expect(bytes.whole()).toEqual(whole);
      expect(Buffer.concat(bytes.read([{ start, end }]))).toEqual(whole.subarray(start, end));
      expect(await bytes.digest(length)).toBe(hash("sha256", whole.subarray(0, length)));
      const piece = bytes.piece(start);
      expect(whole.subarray(start, start + piece.length)).toEqual(piece);
      expect(piece.length === 0).toBe(start >= whole.length);
    }),
    { numRuns: 1_000 },
  );
});

test("several stretches are read each for itself", () => {
  const bytes = new MemoryBytes([Buffer.from("one "), Buffer.from("two "), Buffer.from("three")]);

  const found = bytes.read([
    { start: 4, end: 7 },
    { start: 2, end: 10 },
    { start: 99, end: 100 },
  ]);

  expect(found.map(String)).toEqual(["two", "e two th", ""]);
});

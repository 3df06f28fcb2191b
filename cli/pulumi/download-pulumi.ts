import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isLoopbackHost } from "../../providers/support/cloud.ts";
import { systemCode } from "../../providers/support/system-code.ts";
import type { Environment, SetUpOptions } from "./options.ts";
import { probePulumi } from "./probe-pulumi.ts";
import { withProgress } from "./progress.ts";
import { runTool, tailOf } from "./run-tool.ts";
import { PULUMI_VERSION } from "./versions.ts";

/** `why` is for people: what follows a failure is a compile, which takes minutes. */
export type Download = { readonly kind: "done" } | { readonly kind: "failed"; readonly why: string };

const OFFICIAL = "https://get.pulumi.com/releases/sdk";
/** Nothing may come for so long. */
const SILENCE_SECONDS = 15;
/** A line that is slower than this is slower than the compile that follows. */
const WHOLE_MS = 10 * 60 * 1000;
const PROGRESS_MS = 5_000;
const SYSTEMS: Readonly<Record<string, string>> = { linux: "linux", darwin: "darwin" };
const PROCESSORS: Readonly<Record<string, string>> = { x64: "x64", arm64: "arm64" };

/**
 * Fetches the official release into a folder, checks it against Pulumi's checksums and unpacks it.
 * It gives up once nothing came for 15 seconds, and after 10 minutes, since a compile may follow.
 * Failing is a value, with a reason for people; the folder may then hold remains.
 */
export async function downloadPulumi(folder: string, options: SetUpOptions): Promise<Download> {
  const source = releaseFolder(options.env);
  if (typeof source !== "string") return source;
  const archive = archiveName();
  if (archive === null) return failed(`there is no official download for ${process.platform} ${process.arch}`);

  const seconds = silenceSeconds(options.env);
  const transfer = startTransfer(seconds * 1000);
  const progress = {
    what: `downloading the Pulumi CLI ${PULUMI_VERSION} from ${new URL(source).host}`,
    expected: `gives up where nothing comes for ${seconds} s`,
    done: () => `${megabytes(transfer.received)} of ${transfer.size === null ? "?" : megabytes(transfer.size)} MB, `,
    everyMs: PROGRESS_MS,
  };
  return await withProgress(options.say, progress, async () => {
    const whole = AbortSignal.timeout(WHOLE_MS);
    const signal = AbortSignal.any([transfer.stalled, whole, ...(options.signal === undefined ? [] : [options.signal])]);
    const file = path.join(folder, archive);
    const fetched = await fetchChecked(source, { archive, file, signal, transfer })
      .catch((error: unknown) => {
        options.signal?.throwIfAborted();
        if (transfer.stalled.aborted) return failed(`nothing came for ${seconds} s, after ${megabytes(transfer.received)} MB`);
        return failed(whole.aborted ? `no complete answer within ${WHOLE_MS / 60_000} min` : reasonOf(error));
      })
      .finally(() => transfer.end());
    return fetched.kind === "failed" ? fetched : await unpack(file, folder, options);
  });
}

/** How far a download is; `stalled` tells that nothing came for too long. */
interface Transfer {
  /** Bytes. */
  received: number;
  /** Bytes; null where the answer does not say. */
  size: number | null;
  readonly stalled: AbortSignal;
  readonly came: (bytes: number) => void;
  readonly end: () => void;
}

function startTransfer(silenceMs: number): Transfer {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), silenceMs);
  const transfer: Transfer = {
    received: 0,
    size: null,
    stalled: controller.signal,
    came: (bytes) => {
      transfer.received += bytes;
      timer.refresh();
    },
    end: () => clearTimeout(timer),
  };
  return transfer;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0);
}

function failed(why: string): Download & { kind: "failed" } {
  return { kind: "failed", why };
}

/**
 * PULUMI_DOWNLOAD: `off`, or the address of a mirror laid out as Pulumi's. Plain http only on this
 * machine.
 */
function releaseFolder(env: Environment): string | Download {
  const chosen = env.PULUMI_DOWNLOAD ?? "";
  if (chosen === "") return OFFICIAL;
  if (chosen === "off") return failed("PULUMI_DOWNLOAD is off");
  const url = URL.parse(chosen);
  const isFit = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopbackHost(url.hostname));
  return isFit ? chosen.replace(/\/+$/, "") : failed(`PULUMI_DOWNLOAD is neither "off" nor an https address`);
}

function silenceSeconds(env: Environment): number {
  const chosen = Number(env.PULUMI_DOWNLOAD_SECONDS);
  return Number.isFinite(chosen) && chosen > 0 ? chosen : SILENCE_SECONDS;
}

function archiveName(): string | null {
  const system = SYSTEMS[process.platform];
  const processor = PROCESSORS[process.arch];
  return system === undefined || processor === undefined ? null : `pulumi-v${PULUMI_VERSION}-${system}-${processor}.tar.gz`;
}

interface Fetching {
  readonly archive: string;
  readonly file: string;
  readonly signal: AbortSignal;
  readonly transfer: Transfer;
}

async function fetchChecked(source: string, { archive, file, signal, transfer }: Fetching): Promise<Download> {
  const sums = await fetchOk(`${source}/pulumi-${PULUMI_VERSION}-checksums.txt`, signal);
  transfer.came(0);
  const expected = checksumOf(await sums.text(), archive);
  if (expected === null) return failed(`Pulumi's list of checksums does not name ${archive}`);

  const answer = await fetchOk(`${source}/${archive}`, signal);
  if (answer.body === null) return failed("the answer was empty");
  const length = Number(answer.headers.get("content-length") ?? Number.NaN);
  transfer.size = Number.isSafeInteger(length) && length > 0 ? length : null;
  const hash = createHash("sha256");
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      transfer.came(chunk.length);
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(answer.body), hashing, createWriteStream(file), { signal });
  const found = hash.digest("hex");
  return found === expected ? { kind: "done" } : failed(`what came is not what Pulumi published (sha256 ${found} instead of ${expected})`);
}

async function fetchOk(url: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(`${new URL(url).host} answered ${answer.status} for ${path.basename(url)}`);
  return answer;
}

/** Lines of `SHA256  FILE`, as sha256sum writes them. */
function checksumOf(list: string, archive: string): string | null {
  for (const line of list.split("\n")) {
    const [sum, file] = line.trim().split(/\s+\*?/);
    if (file === archive && sum !== undefined && /^[0-9a-f]{64}$/i.test(sum)) return sum.toLowerCase();
  }
  return null;
}

async function unpack(file: string, folder: string, options: SetUpOptions): Promise<Download> {
  const result = await runTool({
    command: "tar",
    args: ["-xzf", file, "-C", folder, "--strip-components=1"],
    cwd: folder,
    env: options.env,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (result.kind === "notStarted") return failed(`tar, which unpacks it, cannot be started (${result.code})`);
  if (result.kind === "killed" || result.code !== 0) return failed(`it could not be unpacked:\n${tailOf(result.output)}`);
  await rm(file);
  const probe = await probePulumi(path.join(folder, "pulumi"), options.env, options.signal);
  return probe.kind === "works" ? { kind: "done" } : failed(`the downloaded CLI ${probe.why}`);
}

/** Adds the code in `cause` to fetch's message, such as `ENOTFOUND`: a person can act on that. */
function reasonOf(error: unknown): string {
  const message = typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
  const cause = typeof error === "object" && error !== null && "cause" in error ? systemCode(error.cause) : null;
  return cause === null ? message : `${message} (${cause})`;
}

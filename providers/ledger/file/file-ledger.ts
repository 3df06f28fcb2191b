import { LedgerError } from "../../domain/errors.ts";
import type { BrakeRecord, RunRecord } from "../../domain/ledger-record.ts";
import type { ActionLedger, Clock, LedgerContents, LedgerFacts } from "../../domain/ports.ts";
import type { RequestRecord } from "../../domain/request-record.ts";
import { dlrCommand } from "../../support/dlr-command.ts";
import { lookTogether } from "../../support/look-together.ts";
import { Turns } from "../../support/turns.ts";
import { brakeReason, brakeRecord, missingStop, type Stop } from "../brake-stops.ts";
import { checkRecord } from "../check-record.ts";
import { CHECKPOINT_EVERY } from "../checkpoint-due.ts";
import type { Checkpoints } from "../checkpoints.ts";
import { DeviceLocks } from "../device-locks.ts";
import { type AppendFile, GroupWriter } from "../group-writer.ts";
import type { Inspected } from "../ledger-store.ts";
import { readBrakes, readStops, writeBrake } from "./brake-file.ts";
import { fileCheckpoints } from "./checkpoint-file.ts";
import { FileView } from "./file-view.ts";
import type { FolderLocation } from "./folder-ledger-location.ts";
import { checkFileInPlace, createLedgerFiles, cutTornTail, openForAppend } from "./ledger-files.ts";
import { checkFolder, type LedgerPaths, ledgerPaths, makeFolder } from "./ledger-folder.ts";
import { acquireLock, type LedgerLock } from "./ledger-lock.ts";

/** `uuid` names files that are written aside, so that none is ever overwritten. */
export interface FileLedgerOptions {
  readonly location: FolderLocation;
  /** The project's folder. */
  readonly root: string;
  /**
   * A missing ledger is made by the first append; elsewhere that is an error, never a fresh start.
   */
  readonly createWhenMissing: boolean;
  readonly clock: Clock;
  readonly uuid: () => string;
  /** How long another process may keep us waiting for the lock, in milliseconds. */
  readonly waitMs: number;
  /** Bytes that are parsed in each run before a checkpoint passes over them. Small in tests. */
  readonly checkpointEvery?: number;
  /** Another way to open the file for appending: for tests of failing disks. */
  readonly openForAppend?: (path: string) => Promise<AppendFile>;
}

interface OpenLedger {
  readonly lock: LedgerLock;
  readonly writer: GroupWriter;
}

/**
 * One file of JSON lines, appended under a lock that is taken with the first `append` or
 * `withDevice` and held until `close` or the process's end. Reading takes no lock; while this
 * process holds it, reading costs nothing.
 */
export class FileLedger implements ActionLedger {
  readonly #options: FileLedgerOptions;
  readonly #paths: LedgerPaths;
  readonly #checkpoints: Checkpoints;
  readonly #view: FileView;
  /** Asked before each call that is sent. */
  readonly #readStops: () => Promise<readonly Stop[] | null>;
  readonly #devices = new DeviceLocks();
  readonly #objections = new Turns();
  #opening: Promise<OpenLedger> | null = null;

  constructor(options: FileLedgerOptions) {
    this.#options = options;
    this.#paths = ledgerPaths(options.location.folder);
    this.#checkpoints = fileCheckpoints(this.#paths);
    this.#view = new FileView(this.#paths.records, this.#checkpoints);
    this.#readStops = lookTogether(() => readStops(this.#paths.brake));
  }

  describe(): string {
    return `ledger in ${this.#paths.records}`;
  }

  async read(): Promise<LedgerContents> {
    return this.#view.reading(await this.#catchUp());
  }

  /** How the file ends, without changing it. */
  async inspect(): Promise<Inspected> {
    if (this.#opening !== null || (await this.#checkFolder()) === "missing") return { tornBytes: 0, index: null };
    const { exists, tornBytes } = await this.#view.catchUp();
    return { tornBytes, index: exists ? await this.#checkpoints.inspect() : null };
  }

  async recordsOf(key: string): Promise<readonly RequestRecord[]> {
    await this.#catchUp();
    return this.#view.index.recordsOf(key);
  }

  async facts(): Promise<LedgerFacts> {
    await this.#catchUp();
    return this.#view.index;
  }

  /**
   * The lock keeps other processes out; within this one, each waits until the record before is in
   * memory.
   */
  appendUnless<T>(record: RunRecord, objection: (facts: LedgerFacts) => T | null): Promise<T | null> {
    return this.#objections.run(async () => {
      await this.#open();
      const found = objection(this.#view.index);
      if (found === null) await this.append(record);
      return found;
    });
  }

  async append(record: RunRecord): Promise<void> {
    checkRecord(record);
    const { writer } = await this.#open();
    await writer.append(record);
  }

  async withDevice<T>(deviceId: string, work: () => Promise<T>): Promise<T> {
    await this.#open();
    return this.#devices.run(deviceId, work);
  }

  async brake(): Promise<string | null> {
    return brakeReason(await this.stops());
  }

  /**
   * A brake is made before its ledger: a second look tells one that is being made from one that is
   * missing.
   */
  async stops(): Promise<readonly Stop[]> {
    const stops = await this.#readStops();
    if (stops !== null) return stops;
    if (!(await this.#catchUp())) return [];
    return (await this.#readStops()) ?? [missingStop(this.#paths.brake, this.#options.location.text)];
  }

  async brakes(): Promise<readonly BrakeRecord[]> {
    return readBrakes(this.#paths.brake);
  }

  /** Needs no lock: it works while a run is under way. */
  async setBrake(state: BrakeRecord["state"], who: string, reason: string, stop?: string): Promise<void> {
    if (!(await this.#catchUp())) throw this.#missing();
    await writeBrake(this.#paths.brake, brakeRecord({ state, who, reason, at: this.#now() }, stop));
  }

  /** Throws `LedgerError` where there is a ledger already. */
  async create(): Promise<void> {
    if ((await this.#checkFolder()) === "missing") await makeFolder(this.#paths.folder);
    if (this.#opening !== null) throw this.#alreadyThere();
    const lock = await this.#lock();
    try {
      const { exists, tornBytes } = await this.#view.catchUp();
      if (exists) throw this.#alreadyThere();
      if (tornBytes > 0) await cutTornTail(this.#paths, 0, this.#options.uuid());
      await createLedgerFiles(this.#paths, this.#now(), this.#options.uuid());
    } finally {
      lock.release();
    }
  }

  /**
   * Waits for appends under way, then gives the lock back. The ledger may be used again: it is
   * opened anew.
   */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = null;
    const open = await opening?.catch(() => null);
    if (!open) return;
    try {
      await open.writer.close();
    } finally {
      open.lock.release();
    }
  }

  /**
   * True when there is a ledger. Reads nothing while this process holds the lock: then memory is
   * ahead of nobody.
   */
  async #catchUp(): Promise<boolean> {
    const open = await this.#opening?.catch(() => null);
    if (open) return true;
    if ((await this.#checkFolder()) === "missing") return false;
    return (await this.#view.catchUp()).exists;
  }

  /** A failed attempt is forgotten, so that the next call tries again. */
  #open(): Promise<OpenLedger> {
    if (this.#opening !== null) return this.#opening;
    const opening = this.#openForWriting();
    this.#opening = opening;
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = null;
    });
    return opening;
  }

  async #openForWriting(): Promise<OpenLedger> {
    const folder = await this.#checkFolder();
    if (folder === "missing") {
      if (!this.#options.createWhenMissing) throw this.#missing();
      await makeFolder(this.#paths.folder);
    }
    const lock = await this.#lock();
    try {
      await this.#prepareFile();
      await this.#keepCheckpoint();
      return { lock, writer: await this.#openWriter(lock) };
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async #prepareFile(): Promise<void> {
    const { exists, tornBytes } = await this.#view.catchUp();
    if (!exists && !this.#options.createWhenMissing) throw this.#missing();
    if (tornBytes > 0) await cutTornTail(this.#paths, this.#view.offset, this.#options.uuid());
    if (exists) return;
    await createLedgerFiles(this.#paths, this.#now(), this.#options.uuid());
    await this.#view.catchUp();
  }

  /** Once in a while: it reads and checks the whole ledger, and no run waits for it often. */
  async #keepCheckpoint(): Promise<void> {
    const { offset, index } = this.#view;
    await this.#checkpoints.keep(offset, index.prefix?.bytes ?? 0, this.#options.checkpointEvery ?? CHECKPOINT_EVERY);
  }

  async #openWriter(lock: LedgerLock): Promise<GroupWriter> {
    const path = this.#paths.records;
    const file = await (this.#options.openForAppend ?? openForAppend)(path);
    return new GroupWriter({
      path,
      file,
      position: this.#view.position,
      offset: this.#view.offset,
      checkPlace: async (size) => {
        if (!lock.isInPlace()) throw this.#lockLost();
        await checkFileInPlace(path, file, size);
      },
      onDurable: (records, position, bytes) => this.#view.advance(records, position, bytes),
    });
  }

  #checkFolder(): Promise<"present" | "missing"> {
    return checkFolder(this.#paths.folder, this.#options.root);
  }

  #lock(): Promise<LedgerLock> {
    return acquireLock(this.#paths.lock, { waitMs: this.#options.waitMs, clock: this.#options.clock });
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }

  #command(name: string): string {
    return dlrCommand(name, undefined, ["--ledger", `file:${this.#paths.folder}`]);
  }

  #missing(): LedgerError {
    const hint = `the first time: ${this.#command("ledger init")}; if there was one before, restore it: without it nobody knows what was sent`;
    return new LedgerError(`there is no ledger in ${this.#paths.folder}`, { hint });
  }

  #alreadyThere(): LedgerError {
    return new LedgerError(`there is a ledger in ${this.#paths.folder} already`, { hint: `${this.#command("ledger show")} shows it` });
  }

  #lockLost(): LedgerError {
    const hint = "find out what removed it; another run may have used the ledger at the same time";
    return new LedgerError(`the lock ${this.#paths.lock} was removed while this process held it`, { hint });
  }
}

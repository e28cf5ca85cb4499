/**
 * Locks between processes, made of files. A lock is created exactly once (`link` of a private file), belongs to one
 * generation (its nonce), and is removed exactly once: whoever wants to remove generation N must first create, in the
 * same exact way, a guard named after N, and then still find N. So neither two who find a dead lock, nor a holder that
 * slept through its lease, can ever remove the lock of a successor.
 */
import { randomBytes } from 'node:crypto';
import { systemCode } from '../../core/errors.ts';
import { isObject } from '../../core/text/json-value.ts';
import {
  type FileSystemFacts,
  type RawFiles,
  openTemporary,
  readAll,
  retryBusy,
  thisSystem,
  writeAll,
} from './steps.ts';
import type { LockHolder, Locks, Random } from '../ports.ts';
import { type ProcessIdentity, type Processes, createProcesses } from './process-identity.ts';
import * as nodeFiles from './raw.ts';

/** A holder that says nothing for this long is dead, whatever else is known about it. */
export const LEASE_MS = 30_000;
/**
 * A guard lives for microseconds, so one that is old belongs to a process that was stopped just then. As long as that
 * process runs it may wake up and remove what it found, therefore it keeps the guard much longer than a lock.
 */
export const GUARD_LEASE_MS = 600_000;
/** What is longer is no lock of ours, and nobody understands it. */
const LONGEST_LOCK_BYTES = 4096;
/** A guard of a guard of a guard: so many removers would have had to die one in another's hands. */
const DEEPEST_GUARD = 3;

interface LockFile {
  /** Tells this file from any other that ever had its name. */
  readonly generation: string;
  readonly mtimeMs: number;
  /** `undefined` for a file that cannot be understood. */
  readonly owner: ProcessIdentity | undefined;
}

interface Leases {
  readonly nearLeaseMs: number;
  readonly leaseMs: number;
}

export interface LockParts {
  readonly random?: Random;
  readonly fs?: RawFiles;
  readonly processes?: Processes;
  readonly system?: FileSystemFacts;
}

/** The locks of this machine. */
export function createLocks(parts: LockParts = {}): Locks {
  const files = new LockFiles(parts);
  return {
    tryLock(path, { whileAlive = false, leaseMs = LEASE_MS } = {}) {
      const generation = files.newGeneration();
      const creation = files.create(path, generation);
      if (creation.created) {
        return {
          held: true,
          unlock: () => files.release(path, generation),
          renew: () => files.renew(path, generation),
        };
      }
      const found = files.read(path);
      if (found === undefined) return { held: false, holder: { ageMs: 0 } };
      const ageMs = creation.nowMs - found.mtimeMs;
      const nearLeaseMs = whileAlive ? Number.POSITIVE_INFINITY : leaseMs;
      if (files.isDead(found, ageMs, { nearLeaseMs, leaseMs }))
        files.removeGeneration(path, found.generation, 1);
      return { held: false, holder: describeHolder(found, ageMs) };
    },
  };
}

function describeHolder(found: LockFile, ageMs: number): LockHolder {
  const { owner } = found;
  return { ...(owner && { host: owner.host, pid: owner.pid }), ageMs: Math.max(0, Math.round(ageMs)) };
}

class LockFiles {
  readonly #fs: RawFiles;
  readonly #random: Random;
  readonly #processes: Processes;
  readonly #system: FileSystemFacts;

  constructor(parts: LockParts) {
    this.#fs = parts.fs ?? nodeFiles;
    this.#random = parts.random ?? { bytes: randomBytes };
    this.#processes = parts.processes ?? createProcesses();
    this.#system = parts.system ?? thisSystem;
  }

  newGeneration(): string {
    return Buffer.from(this.#random.bytes(12)).toString('hex');
  }

  /** Creates the file unless it exists. `nowMs` is the time by the clock of the file system, the same for all hosts. */
  create(path: string, generation: string): { readonly created: boolean; readonly nowMs: number } {
    const { name, descriptor } = openTemporary(this.#fs, path, 0o600);
    try {
      const { host, domain, pid, startTicks } = this.#processes.self();
      const content = Buffer.from(JSON.stringify({ generation, host, domain, pid, startTicks }));
      let nowMs: number;
      try {
        writeAll(this.#fs, descriptor, content);
        nowMs = this.#fs.fstatSync(descriptor).mtimeMs;
      } finally {
        this.#fs.closeSync(descriptor);
      }
      return { created: this.#link(name, path, content), nowMs };
    } finally {
      this.#removeQuietly(name);
    }
  }

  #link(temporary: string, path: string, content: Uint8Array): boolean {
    try {
      this.#fs.linkSync(temporary, path);
      return true;
    } catch (error) {
      const code = systemCode(error) ?? '';
      if (code !== 'EEXIST') {
        if (!NO_LINKS.has(code)) throw error;
        return this.#createDirectly(path, content);
      }
      // Over NFS the answer to a successful link may be lost and the repetition refused; the second name tells.
      return this.#fs.lstatSync(temporary).nlink === 2;
    }
  }

  /** For file systems without hard links. Death in the middle leaves a file that nobody understands; the lease ends it. */
  #createDirectly(path: string, content: Uint8Array): boolean {
    let descriptor: number;
    try {
      descriptor = this.#fs.openSync(path, 'wx', 0o600);
    } catch (error) {
      const code = systemCode(error) ?? '';
      // On Windows a name that is just being removed answers so, too.
      if (code === 'EEXIST' || (this.#system.platform === 'win32' && NO_ACCESS.has(code))) return false;
      throw error;
    }
    try {
      writeAll(this.#fs, descriptor, content);
    } catch (error) {
      this.#removeQuietly(path);
      throw error;
    } finally {
      this.#fs.closeSync(descriptor);
    }
    return true;
  }

  /** The lock or guard as it is at this moment. */
  read(path: string): LockFile | undefined {
    try {
      // Age and owner through one descriptor: by name, they could belong to two generations.
      const descriptor = this.#fs.openSync(path, 'r');
      try {
        const { ino, mtimeMs, size } = this.#fs.fstatSync(descriptor);
        const owner = parseOwner(
          readAll(this.#fs, descriptor, size, LONGEST_LOCK_BYTES)?.toString('utf8') ?? '',
        );
        return { generation: owner?.generation ?? `x${ino}-${Math.floor(mtimeMs)}`, mtimeMs, owner };
      } finally {
        this.#fs.closeSync(descriptor);
      }
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Makes the lock as young as one that was just created, if it still is that generation. */
  renew(path: string, generation: string): boolean {
    if (this.read(path)?.generation !== generation) return false;
    // The clock of the file system decides about ages, and this file's time comes from it.
    const { mtimeMs } = this.#touch(path);
    this.#fs.utimesSync(path, mtimeMs / 1000, mtimeMs / 1000);
    return true;
  }

  /** A private file that is made and gone, for its time. */
  #touch(path: string): { readonly mtimeMs: number } {
    const { name, descriptor } = openTemporary(this.#fs, path, 0o600);
    try {
      return this.#fs.fstatSync(descriptor);
    } finally {
      this.#fs.closeSync(descriptor);
      this.#removeQuietly(name);
    }
  }

  /** `nearLeaseMs` counts for an owner on this machine that runs, `leaseMs` for one that cannot be asked. */
  isDead(found: LockFile, ageMs: number, { nearLeaseMs, leaseMs }: Leases): boolean {
    const { domain } = this.#processes.self();
    const near = domain !== undefined && found.owner?.domain === domain;
    // A file from the future was made before the clock was set back.
    const expired = Math.abs(ageMs) > (near ? nearLeaseMs : leaseMs);
    if (expired || !near || found.owner === undefined) return expired;
    return !this.#processes.isAlive(found.owner.pid, found.owner.startTicks);
  }

  /**
   * Gives a lock back. Its removal takes a new file, and a full disk has no place for one; then it stays and belongs to a
   * process that will be dead when the next one looks. An error here would only hide the one that led here.
   */
  release(path: string, generation: string): boolean {
    try {
      return this.removeGeneration(path, generation, 1);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      return false;
    }
  }

  /** Removes the lock if it still is that generation. Returns whether this very call did it. */
  removeGeneration(path: string, generation: string, depth: number): boolean {
    const guard = `${path}.${generation}.g`;
    const guardGeneration = this.newGeneration();
    let creation = this.create(guard, guardGeneration);
    if (!creation.created && depth < DEEPEST_GUARD) {
      const found = this.read(guard);
      const leases = { nearLeaseMs: GUARD_LEASE_MS, leaseMs: LEASE_MS };
      if (found === undefined || !this.isDead(found, creation.nowMs - found.mtimeMs, leases)) return false;
      this.removeGeneration(guard, found.generation, depth + 1);
      creation = this.create(guard, guardGeneration);
    }
    if (!creation.created) return false;
    try {
      if (this.read(path)?.generation !== generation) return false;
      retryBusy(this.#system, () => this.#fs.unlinkSync(path));
      return true;
    } finally {
      this.#removeQuietly(guard);
    }
  }

  #removeQuietly(path: string): void {
    try {
      retryBusy(this.#system, () => this.#fs.unlinkSync(path));
    } catch {
      // Left to the collection of old temporary files.
    }
  }
}

const NO_LINKS = new Set(['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EISDIR', 'EMLINK']);
const NO_ACCESS = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** What a lock file says. The generation becomes part of a file name, so it is checked. */
function parseOwner(text: string): (ProcessIdentity & { readonly generation: string }) | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const { generation, host, domain, pid, startTicks } = value;
    if (typeof generation !== 'string' || !/^[0-9a-f]{24}$/.test(generation)) return undefined;
    if (typeof host !== 'string' || typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1)
      return undefined;
    return { generation, host, domain: asText(domain), pid, startTicks: asText(startTicks) };
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

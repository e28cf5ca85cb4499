/** Who a process is, well enough to say later whether it still runs. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemCode } from '../../core/errors.ts';

export interface ProcessIdentity {
  readonly host: string;
  /**
   * Where process numbers mean the same: host, boot and PID namespace. `undefined` where that is unknown, for example
   * in a container without /proc; such a process can be compared with nobody.
   */
  readonly domain: string | undefined;
  readonly pid: number;
  /** Ticks from boot to the start of the process; tells a reused number. Only Linux has it. */
  readonly startTicks: string | undefined;
}

export interface Processes {
  self(): ProcessIdentity;
  /** Whether the process with that number, in our own domain, is still the one that started then. */
  isAlive(pid: number, startTicks: string | undefined): boolean;
}

/** The processes of this machine. */
export function createProcesses(platform: string = process.platform): Processes {
  let known: ProcessIdentity | undefined;
  return {
    self() {
      known ??= {
        host: hostname(),
        domain: readDomain(platform),
        pid: process.pid,
        startTicks: readStat(process.pid)?.startTicks,
      };
      return known;
    },
    isAlive(pid, startTicks) {
      if (!exists(pid)) return false;
      const stat = readStat(pid);
      // Hidden from us (hidepid), or a system without /proc: it exists, more is not to be known.
      if (stat === undefined) return true;
      // A killed process whose parent has not asked for it yet still has its number.
      if (stat.state === 'Z' || stat.state === 'X') return false;
      return startTicks === undefined || stat.startTicks === startTicks;
    },
  };
}

function readDomain(platform: string): string | undefined {
  if (platform !== 'linux') return `${hostname()} ${platform}`;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${hostname()} ${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, but belongs to somebody else.
    return systemCode(error) !== 'ESRCH';
  }
}

function readStat(pid: number): { readonly state: string; readonly startTicks: string } | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Fields 3 and 22 of /proc/PID/stat. The second field is the program's name and may hold blanks and brackets. */
export function parseStat(text: string): { readonly state: string; readonly startTicks: string } | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTicks = fields[19];
  return state !== undefined && startTicks !== undefined && /^\d+$/.test(startTicks)
    ? { state, startTicks }
    : undefined;
}

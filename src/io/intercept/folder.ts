/** The folder of a run: certificates and settings for other programs, private, named by its process, gone with it. */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isObject, parseJson } from '../../core/text/json-value.ts';
import { createProcesses, type Processes } from '../files/process-identity.ts';

const prefix = 'wechat-mp-intercept-';
const ownerFile = 'owner.json';

export interface RunFolder {
  readonly path: string;
  write(name: string, content: string | Uint8Array): void;
  remove(): void;
}

/** Makes one below `parent`. However this process ends, it is removed; only SIGKILL leaves it to the next start. */
export function createRunFolder(parent: string, processes: Processes = createProcesses()): RunFolder {
  const folder = mkdtempSync(path.join(parent, prefix));
  const write: RunFolder['write'] = (name, content) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
  };
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', remove);
  write(ownerFile, JSON.stringify(processes.self()));
  return { path: folder, write, remove };
}

/** Removes the folders of runs that are over, and returns them. */
export function sweepRunFolders(parent: string, processes: Processes = createProcesses()): readonly string[] {
  const { domain } = processes.self();
  if (domain === undefined) return [];
  const left = readdirSync(parent)
    .filter((name) => name.startsWith(prefix))
    .map((name) => path.join(parent, name))
    .filter((folder) => isLeft(folder, domain, processes));
  for (const folder of left) rmSync(folder, { recursive: true, force: true });
  return left;
}

/** Whether it is ours and its process has ended; of machines and containers that share the place only their own know. */
function isLeft(folder: string, domain: string, processes: Processes): boolean {
  try {
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== (process.geteuid?.() ?? found.uid)) return false;
    const owner = parseJson(readFileSync(path.join(folder, ownerFile), 'utf8'));
    if (!isObject(owner) || owner['domain'] !== domain) return false;
    const { pid, startTicks } = owner;
    return (
      typeof pid === 'number' &&
      !processes.isAlive(pid, typeof startTicks === 'string' ? startTicks : undefined)
    );
  } catch {
    return false;
  }
}

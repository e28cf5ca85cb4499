/** Where the values come from that are no fixed words: profiles of this machine, types, calls of the platform. */
import type { Io } from '../../io/ports.ts';
import { entries } from '../commands/index.ts';
import { findDirectory } from '../settings/directories.ts';
import { readProfileFile } from '../settings/profile-file.ts';
import type { Candidate, Offer } from './complete.ts';

/** `before` are the words that stand in the same place already, where it takes several. */
type Source = (before: readonly string[], io: Io) => Promise<readonly Candidate[]> | readonly Candidate[];

const sources: Readonly<Record<string, Source>> = {
  '<profile>': listProfiles,
  '<trigger>': listTriggers,
  '<scenario>': listScenarios,
  '<command>': listCommands,
  '<call>': listCalls,
};

/**
 * Each is a word, or a source in angle brackets. One that nobody knows gives nothing: it is a text of the user's own. Of
 * several words in one place only the first can be a fixed one.
 */
export async function findValues(
  names: readonly string[],
  before: readonly string[],
  io: Io,
): Promise<Offer> {
  const candidates: Candidate[] = [];
  let part: Offer['part'] = 'none';
  for (const name of names) {
    if (name === '<file>') part = 'files';
    else if (name === '<folder>') part = 'folders';
    else if (!name.startsWith('<')) candidates.push(...(before.length === 0 ? [{ value: name }] : []));
    else candidates.push(...((await sources[name]?.(before, io)) ?? []));
  }
  return { candidates, part };
}

/** Those that are saved, and the name that always means the simulator that runs. */
function listProfiles(_before: readonly string[], io: Io): readonly Candidate[] {
  const { profiles } = readProfileFile(io.files, findDirectory('config', io.environment, io.platform));
  const saved = Object.entries(profiles).map(([value, { appid = '' }]) => ({
    value,
    text: { en: appid, zh: appid },
  }));
  if (Object.hasOwn(profiles, 'simulator')) return saved;
  return [
    ...saved,
    { value: 'simulator', text: { en: 'The one that runs here', zh: '本机正在运行的模拟器' } },
  ];
}

async function listTriggers(): Promise<readonly Candidate[]> {
  const { sampleSummaries } = await import('../../simulator/push/sample-messages.ts');
  return sampleSummaries.map(({ id, title }) => ({ value: id, text: title }));
}

async function listScenarios(): Promise<readonly Candidate[]> {
  const { scenarios } = await import('../../simulator/account/scenarios.ts');
  return Object.entries(scenarios).map(([value, { text }]) => ({ value, text }));
}

/** The next word of a command's name. */
function listCommands(before: readonly string[]): readonly Candidate[] {
  const [first, ...more] = before;
  if (first === undefined) return entries().map(({ name, summary }) => ({ value: name, text: summary }));
  const found = entries().find(({ name }) => name === first);
  if (found?.verbs === undefined || more.length > 0) return [];
  return found.verbs.map(({ name, summary }) => ({ value: name, text: summary }));
}

async function listCalls(): Promise<readonly Candidate[]> {
  const { readCallList } = await import('../../core/catalogue/catalogue.ts');
  const calls = await readCallList();
  return Array.from(new Map(calls.map(({ path, title }) => [path, title])), ([value, text]) => ({
    value,
    text,
  }));
}

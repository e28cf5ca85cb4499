/** The files of a project: which are there, which are made, and what is added to those that belong to others as well. */
import { dirname, join, relative } from 'node:path';
import type { Context } from '../../context.ts';
import { unwritable, writeOutput } from '../../files/output-file.ts';
import type { InitFlags } from './init.ts';
import { gitignoreTitle, starterMenu } from './texts.ts';

export type FileAction = 'create' | 'replace' | 'extend' | 'keep';

export interface PlannedFile {
  readonly path: string;
  readonly action: FileAction;
  /** All that will be in it, or what is added. */
  readonly text: string;
}

/** What the pages of this tool call files that hold secrets, or messages of people. */
const privateNames = ['.env', 'secret.txt', 'sim.json', 'pushes/'];

/** Throws a local error for what cannot be read. */
export async function planFiles(
  context: Context,
  profile: string,
  { agent, force }: InitFlags,
): Promise<readonly PlannedFile[]> {
  const files = [
    planProjectFile(context, profile, force),
    planWhole(
      context,
      'menu.json',
      formatFile(context, 'menus/menu.schema.json', starterMenu[context.language]),
      force,
    ),
    planAdditions(context, '.gitignore', privateNames, (names) => [
      `# ${context.say(gitignoreTitle)}`,
      ...names,
    ]),
  ];
  if (!agent) return files;
  const { guideFile, guideLine, formatGuide } = await import('../../shared/agents/guide.ts');
  const { isUntouched } = await import('../../files/written-files.ts');
  const old = read(context, guideFile);
  const isOurs = old !== undefined && isUntouched(context, guideFile, old);
  return [
    ...files,
    planWhole(context, guideFile, formatGuide(context.language), force || isOurs),
    planAdditions(context, 'AGENTS.md', [guideFile], () => [context.say(guideLine)]),
  ];
}

export async function writeFiles(context: Context, files: readonly PlannedFile[]): Promise<void> {
  for (const { path, action, text } of files) {
    if (action === 'keep') continue;
    try {
      if (dirname(path) !== '.') context.io.files.makeFolder(dirname(path));
      if (action === 'extend') context.io.files.append(path, text);
    } catch (error) {
      throw unwritable(context.io.files, path, error);
    }
    if (action !== 'extend') await writeOutput(context, path, text, { force: action === 'replace' });
  }
}

/** One in a folder above is in force here, too. */
function planProjectFile(context: Context, profile: string, force: boolean): PlannedFile {
  const path = 'wechat-mp.json';
  const found = context.settings.project?.path;
  if (found !== undefined && dirname(found) !== context.io.directory)
    return { path: found, action: 'keep', text: '' };
  const content = {
    profile,
    serve: { port: 8080, path: '/wechat' },
    trigger: { to: 'http://127.0.0.1:8080/wechat' },
  };
  return planWhole(context, path, formatFile(context, 'dist/schemas/wechat-mp.schema.json', content), force);
}

function planWhole(context: Context, path: string, text: string, force: boolean): PlannedFile {
  const old = read(context, path);
  if (old === undefined || old.length === 0) return { path, action: 'create', text };
  return { path, action: force && old.toString('utf8') !== text ? 'replace' : 'keep', text };
}

/** Lines for a file that others write as well: only for what it does not name yet. */
function planAdditions(
  context: Context,
  path: string,
  wanted: readonly string[],
  format: (missing: readonly string[]) => readonly string[],
): PlannedFile {
  const old = read(context, path)?.toString('utf8') ?? '';
  const named = new Set(old.split(/[\s`"']+/).map(bare));
  const missing = wanted.filter((name) => !named.has(bare(name)));
  const lines = `${format(missing).join('\n')}\n`;
  if (missing.length === 0) return { path, action: 'keep', text: '' };
  if (old === '') return { path, action: 'create', text: lines };
  return { path, action: 'extend', text: `${old.endsWith('\n') ? '' : '\n'}\n${lines}` };
}

/** `/pushes/` and `pushes` are one name. */
function bare(name: string): string {
  return name.replaceAll(/^\/|\/$/g, '');
}

function read(context: Context, path: string): Buffer | undefined {
  try {
    return context.io.files.read(path);
  } catch (error) {
    throw unwritable(context.io.files, path, error);
  }
}

/** Editors find the schema in the package, which a project has beside it, or in a folder above. */
function formatFile(context: Context, schema: string, content: object): string {
  const { directory, files } = context.io;
  const place = join('node_modules/wechat-mp-cli', schema);
  let folder = directory;
  while (files.stat(join(folder, place)) === undefined && dirname(folder) !== folder)
    folder = dirname(folder);
  const found =
    files.stat(join(folder, place)) === undefined ? place : relative(directory, join(folder, place));
  const reference = found.replaceAll('\\', '/');
  const named = { $schema: reference.startsWith('.') ? reference : `./${reference}`, ...content };
  return `${JSON.stringify(named, null, 2)}\n`;
}

// The licences of the libraries that a build has taken into its files. Most of them ask to be handed on with the code.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const marker = `${path.sep}node_modules${path.sep}`;
const licenceFile = /^(?:licen[cs]e|copying|notice)(?:[.-]|$)/i;

/** The text of `dist/THIRD_PARTY_LICENSES.txt` for modules by their files. Throws for a library without a licence. */
export function formatNotices(modules) {
  const folders = [...new Set(modules.map(folderOf).filter((folder) => folder !== undefined))];
  const notices = folders.map(readNotice);
  // The same version may be found at two places.
  const unique = new Map(notices.map((notice) => [notice.name, notice]));
  const names = [...unique.keys()].toSorted();
  const head = 'The files in this folder contain code of these libraries, each under its own licence.\n';
  return [head, ...names.map((name) => unique.get(name).text)].join(`\n${'-'.repeat(80)}\n\n`);
}

/** The folder of the library that a module belongs to; `undefined` for a module of ours. */
function folderOf(module) {
  const end = module.lastIndexOf(marker);
  if (end === -1) return undefined;
  const inside = module.slice(end + marker.length).split(path.sep);
  const name = inside.slice(0, inside[0].startsWith('@') ? 2 : 1);
  // A bundler marks modules of its own making with a NUL in front.
  return path.join(module.slice(0, end).replace('\0', ''), 'node_modules', ...name);
}

function readNotice(folder) {
  const { name, version, license, author } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const files = readdirSync(folder).filter((file) => licenceFile.test(file));
  const texts = files.toSorted().map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  if (texts.length === 0) {
    if (typeof license !== 'string') throw new Error(`${name} has neither a licence file nor a licence`);
    const holder = typeof author === 'string' ? author : (author?.name ?? `the authors of ${name}`);
    texts.push(`Copyright (c) ${holder}`);
  }
  const title = `${name} ${version}`;
  return { name: title, text: `${title} (${license ?? 'see below'})\n\n${texts.join('\n\n')}\n` };
}

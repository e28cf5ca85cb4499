// Writes the rows of src/core/errcode/codes/*.json from a catalogue of the platform's global return codes (全局返回码):
// `node test/tools/generate-errcodes.mjs [errors.json]`. The catalogue is an array of {code, zh, errmsg, en}; without
// it the files are only laid out anew: one row a line, one sentence a line.
// Each file holds the codes from its name on, so that one code needs one small file. "rows" is the platform's table:
// [official Chinese text, errmsg on the wire, English meaning]; an empty text is something that the catalogue does not
// know. "helps" is written by hand, and stays as it is. Everything is below two names: a bundler makes an export of
// each name at the top, and there would be hundreds.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const folder = fileURLToPath(new URL('../../src/core/errcode/codes', import.meta.url));
const source = process.argv[2];
const catalogue = source === undefined ? undefined : JSON.parse(readFileSync(source, 'utf8'));
/** The sample code's own numbers (消息加解密) have a file without a number. */
const names = readdirSync(folder).map((file) => path.basename(file, '.json'));
const firsts = names
  .filter((name) => /^\d+$/.test(name))
  .map(Number)
  .toSorted((a, b) => a - b);

for (const name of names) {
  const file = path.join(folder, `${name}.json`);
  const { rows, helps } = JSON.parse(readFileSync(file, 'utf8'));
  const found = catalogue === undefined || !/^\d+$/.test(name) ? rows : rowsFrom(Number(name));
  writeFileSync(file, `{"rows":{\n${layRows(found)}\n},"helps":{\n${layHelps(helps)}\n}}\n`);
}

function rowsFrom(first) {
  const next = firsts.find((each) => each > first) ?? Number.POSITIVE_INFINITY;
  const least = first === firsts[0] ? Number.NEGATIVE_INFINITY : first;
  const found = catalogue
    .filter(({ code }) => code >= least && code < next)
    .toSorted((a, b) => a.code - b.code)
    .map(({ code, zh, errmsg, en }) => {
      const row = [zh ?? '', errmsg ?? '', en === null || en === errmsg ? '' : en];
      while (row.length > 0 && row.at(-1) === '') row.pop();
      return [String(code), row];
    });
  return Object.fromEntries(found);
}

function layRows(rows) {
  const byNumber = Object.entries(rows).toSorted(([a], [b]) => a - b);
  return byNumber.map(([code, row]) => `${JSON.stringify(code)}:${JSON.stringify(row)}`).join(',\n');
}

function layHelps(helps) {
  return Object.entries(helps)
    .map(([code, { name, causes, fixes, ...facts }]) => {
      const head = JSON.stringify(facts).slice(1, -1);
      return `${JSON.stringify(code)}:{${head},\n "name":${JSON.stringify(name)},\n "causes":${layTexts(causes)},\n "fixes":${layTexts(fixes)}}`;
    })
    .join(',\n');
}

function layTexts(texts) {
  return `[\n${texts.map((text) => `  ${JSON.stringify(text)}`).join(',\n')}\n ]`;
}

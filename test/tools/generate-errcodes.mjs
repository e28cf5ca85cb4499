// Writes src/core/errcode/errcodes.json from a catalogue of the platform's global return codes (全局返回码):
// `node test/tools/generate-errcodes.mjs <errors.json>`. The catalogue is an array of {code, zh, errmsg, en, hint}.
// Everything is below one name: a bundler makes an export of each name at the top, and there would be two thousand.
// One row per code: [official Chinese text, errmsg on the wire, English meaning, what to do]. An empty text is
// something the catalogue does not know; trailing empty texts are left out.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = process.argv[2];
if (source === undefined) throw new Error('usage: node test/tools/generate-errcodes.mjs <errors.json>');

const target = fileURLToPath(new URL('../../src/core/errcode/errcodes.json', import.meta.url));
const written = new Set(
  Object.keys(
    JSON.parse(readFileSync(new URL('../../src/core/errcode/help.json', import.meta.url), 'utf8')).helps,
  ),
);
const catalogue = JSON.parse(readFileSync(source, 'utf8'));
const lines = catalogue
  .filter(({ code }) => code !== 0)
  .toSorted((a, b) => a.code - b.code)
  .map(({ code, zh, errmsg, en, hint }) => {
    const english = en === null || en === errmsg ? '' : en;
    // Codes with words of our own in both languages (errcode-help.json) need no second advice.
    const row = [zh ?? '', errmsg ?? '', english, written.has(String(code)) ? '' : withoutDoubts(hint ?? '')];
    while (row.length > 0 && row.at(-1) === '') row.pop();
    return `${JSON.stringify(String(code))}:${JSON.stringify(row)}`;
  });
writeFileSync(target, `{"rows":{\n${lines.join(',\n')}\n}}\n`);

/** The catalogue marks what nobody could confirm; such a mark is for its keeper, not for the user of the tool. */
function withoutDoubts(hint) {
  return hint.replace(/\s*\(unverified[^)]*\)/g, '');
}

// Writes src/core/catalogue/calls.json and examples.json from a catalogue of the platform's calls:
// `node test/tools/generate-catalogue.mjs <endpoints.json>`. The catalogue is an array of {group, name, title_zh,
// title_en, method, host, path, query, body, body_example, response_example, token, doc}; quotas are kept by hand in
// src/core/catalogue/quotas.ts. One path per line; what is null or the same as usual is left out.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = process.argv[2];
if (source === undefined) throw new Error('usage: node test/tools/generate-catalogue.mjs <endpoints.json>');

/** Parts with a file that are not called `media`. */
const fileParts = { '/card/invoice/platform/setpdf': 'pdf' };

const entries = JSON.parse(readFileSync(source, 'utf8'));
const paths = [...new Set(entries.map(({ path }) => path))];
write(
  'calls',
  paths.map((path) => [path, entries.filter((entry) => entry.path === path).map(formatRow)]),
);
write(
  'examples',
  entries
    .filter((entry) => entry.body_example !== null || entry.response_example !== null)
    .map(({ name, body_example: body, response_example: answer }) => [
      name,
      { ...(body !== null && { body }), ...(answer !== null && { answer }) },
    ]),
);

function formatRow(entry) {
  const query = entry.query.filter((name) => name !== 'access_token');
  return {
    group: entry.group,
    name: entry.name,
    zh: entry.title_zh,
    en: entry.title_en,
    method: entry.method,
    ...(entry.host !== 'api.weixin.qq.com' && { host: entry.host }),
    ...(query.length > 0 && { query }),
    ...(entry.body !== 'none' && { body: entry.body }),
    ...(entry.path in fileParts && { file: fileParts[entry.path] }),
    ...(entry.token === 'access_token' && { token: true }),
    ...(entry.doc !== null && { doc: entry.doc }),
  };
}

function write(name, rows) {
  const target = fileURLToPath(new URL(`../../src/core/catalogue/${name}.json`, import.meta.url));
  const lines = rows.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  writeFileSync(target, `{"${name}":{\n${lines.join(',\n')}\n}}\n`);
}

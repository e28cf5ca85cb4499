// Writes src/simulator/catalogue/catalogue.json from a catalogue of the platform's calls:
// `node test/tools/generate-catalogue.mjs <endpoints.json>`. The catalogue is an array of {group, name, title_zh,
// title_en, method, path, query, body, body_example, response_example, token, daily_quota, doc}.
// Everything is below one name, one row per call and line; what is null or the same as usual is left out.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = process.argv[2];
if (source === undefined) throw new Error('usage: node test/tools/generate-catalogue.mjs <endpoints.json>');

const target = fileURLToPath(new URL('../../src/simulator/catalogue/catalogue.json', import.meta.url));
const lines = JSON.parse(readFileSync(source, 'utf8')).map((entry) =>
  JSON.stringify({
    group: entry.group,
    name: entry.name,
    zh: entry.title_zh,
    en: entry.title_en,
    method: entry.method,
    path: entry.path,
    query: entry.query.filter((name) => name !== 'access_token'),
    ...(entry.body !== 'none' && { body: entry.body }),
    ...(entry.body_example !== null && { example: entry.body_example }),
    ...(entry.response_example !== null && { answer: entry.response_example }),
    ...(entry.token === 'access_token' && { token: true }),
    ...(entry.daily_quota !== null && { quota: entry.daily_quota }),
    ...(entry.doc !== null && { doc: entry.doc }),
  }),
);
writeFileSync(target, `{"entries":[\n${lines.join(',\n')}\n]}\n`);

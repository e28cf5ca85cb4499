// Writes the samples of every push and reply from a catalogue of the platform's messages (接收普通消息, 接收事件推送,
// 被动回复用户消息): `node test/tools/generate-messages.mjs <messages.json>`. The catalogue is an array of
// {id, kind, msgtype, event, title_en, title_zh, source, xml, json, fields, notes}.
// Pushes go to their group's file in src/simulator/messages, their table of contents to index.json beside them, and
// replies, which only tests need, to test/fixtures/replies.json. The table of contents says which group a push is in:
// write a new one into it first.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = process.argv[2];
if (source === undefined) throw new Error('usage: node test/tools/generate-messages.mjs <messages.json>');

const folder = fileURLToPath(new URL('../../src/simulator/messages/', import.meta.url));
const catalogue = JSON.parse(readFileSync(source, 'utf8')).map(toSample);
const pushes = catalogue.filter(({ kind }) => kind !== 'reply');

const groups = new Map(
  JSON.parse(readFileSync(`${folder}index.json`, 'utf8')).map(({ id, group }) => [id, group]),
);
for (const group of new Set(groups.values()))
  write(
    `${folder}${group}.json`,
    pushes
      .filter(({ id }) => groups.get(id) === group)
      .map(({ id, source: origin, xml, json, fields, notes }) => ({
        id,
        source: origin,
        xml,
        json,
        fields,
        notes,
      })),
  );
write(
  `${folder}index.json`,
  pushes.map(({ id, kind, msgType, event, title }) => {
    if (!groups.has(id)) throw new Error(`index.json names no group for "${id}"`);
    return { id, group: groups.get(id), kind, msgType, event, title };
  }),
);
write(
  fileURLToPath(new URL('../fixtures/replies.json', import.meta.url)),
  catalogue.filter(({ kind }) => kind === 'reply').map(({ id, msgType, xml }) => ({ id, msgType, xml })),
);

function toSample({
  id,
  kind,
  msgtype,
  event,
  title_en,
  title_zh,
  source: origin,
  xml,
  json,
  fields,
  notes,
}) {
  return {
    id,
    kind,
    msgType: msgtype,
    event: event ?? undefined,
    title: { en: title_en, zh: title_zh },
    source: origin,
    xml,
    json: json ?? undefined,
    fields: fields.map(({ name, type, note }) => ({ name, type, note: withoutDoubts(note) })),
    notes: notes === null ? undefined : withoutDoubts(notes),
  };
}

/** The catalogue marks what nobody could confirm; such a mark is for its keeper, not for the user of the tool. */
function withoutDoubts(text) {
  return text.replace(/,? ?\(unverified[^)]*\)|, unverified/g, '');
}

function write(file, value) {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

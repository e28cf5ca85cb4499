import { assert, json, oneof, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  entryKey,
  formatAskedLine,
  formatJournalLine,
  formatManifest,
  parseManifest,
  type QrEntry,
  type UnknownCode,
} from '../../../../../src/cli/commands/qr/batch/manifest.ts';

const entry: QrEntry = {
  scene: { permanent: false, scene: 7, expireSeconds: 60 },
  name: '店',
  line: 2,
  ticket: 'gQ==',
  url: 'http://weixin.qq.com/q/x',
  createdAtMs: Date.UTC(2026, 0, 1),
  expiresAtMs: Date.UTC(2026, 0, 1, 0, 1),
  file: '店.jpg',
  image: { bytes: 3, sha256: 'ab' },
};
const permanent: QrEntry = {
  ...entry,
  scene: { permanent: true, scene: '7' },
  expiresAtMs: undefined,
  file: 'p.jpg',
  image: undefined,
};
const asked: UnknownCode = {
  scene: { permanent: true, scene: 'u' },
  name: 'u',
  line: 4,
  askedAtMs: Date.UTC(2026, 0, 2),
  reason: 'timeout',
};
const empty = formatManifest({
  appId: 'wx1',
  apiBase: 'https://a',
  codes: [],
  missing: [],
  unknown: [],
  leftOver: [],
});
const entriesOf = (manifest: string, journal: string) => [
  ...(parseManifest(manifest, journal)?.entries.values() ?? []),
];

describe('parseManifest()', () => {
  test('reads back what formatManifest() writes, one code a line', () => {
    const text = formatManifest({
      appId: 'wx1',
      apiBase: 'https://a',
      codes: [entry],
      missing: [{ line: 3, scene: { permanent: true, scene: 'b' }, name: 'b', reason: 'not_reached' }],
      unknown: [asked],
      leftOver: [permanent],
    });
    const found = parseManifest(text, '');
    expect({ appId: found?.appId, apiBase: found?.apiBase, unreadable: found?.unreadable }).toEqual({
      appId: 'wx1',
      apiBase: 'https://a',
      unreadable: 0,
    });
    expect([...(found?.unknown.values() ?? [])]).toEqual([asked]);
    expect(entriesOf(text, '')).toEqual([permanent, entry]);
    expect(text.split('\n').filter((line) => line.includes('"ticket"'))).toHaveLength(2);
  });

  test('lets a later line of the journal replace its own code only', () => {
    const later = { ...entry, ticket: 'later' };
    expect(
      entriesOf(empty, formatJournalLine(entry) + formatJournalLine(permanent) + formatJournalLine(later)),
    ).toEqual([later, permanent]);
    expect(entryKey(entry.scene)).not.toBe(entryKey(permanent.scene));
  });

  test('knows from the journal which codes were asked for without an answer', () => {
    const unknownOf = (journal: string) => [...(parseManifest(empty, journal)?.unknown.values() ?? [])];
    const line = formatAskedLine(asked, 'unknown');
    expect(unknownOf(line)).toEqual([asked]);
    expect(unknownOf(line + formatAskedLine(asked, 'refused'))).toEqual([]);
    expect(unknownOf(line + formatJournalLine({ ...permanent, scene: asked.scene }))).toEqual([]);
    expect(unknownOf(line + formatJournalLine(permanent))).toEqual([asked]);
    // Such a line was being written before anything was sent.
    expect(unknownOf(line.slice(0, -1))).toEqual([]);
  });

  test('takes a manifest of a version that had no list of unknown codes', () => {
    const old = empty.replace('  "unknown": [],\n', '');
    expect(old).not.toBe(empty);
    expect(parseManifest(old, '')?.unknown.size).toBe(0);
  });

  test('takes a journal that is cut off at any byte, and counts other bad lines', () => {
    const journal = Buffer.from(formatJournalLine(entry) + formatJournalLine(permanent));
    const first = Buffer.byteLength(formatJournalLine(entry));
    for (let length = 0; length <= journal.length; length += 1) {
      const found = parseManifest(empty, journal.subarray(0, length).toString('utf8'));
      expect(found?.entries.size).toBe(length === journal.length ? 2 : length >= first ? 1 : 0);
      expect(found?.unreadable).toBe(0);
    }
    expect(parseManifest(empty, `{"x"\n${formatJournalLine(entry)}`)?.unreadable).toBe(1);
  });

  test.each([
    ['file', '../x.jpg'],
    ['file', 'a\\x.jpg'],
    ['file', '.x.jpg'],
    ['file', 'x.txt'],
    ['file', 7],
    ['ticket', ''],
    ['ticket', 'a b'],
    ['created_at', 'never'],
    ['expires_at', 'never'],
    ['scene_id', null],
    ['expire_seconds', null],
  ])('does not take an entry with %s %j', (field, value) => {
    const line = JSON.stringify({ ...(JSON.parse(formatJournalLine(entry)) as object), [field]: value });
    expect(parseManifest(empty, `${line}\n`)).toMatchObject({ unreadable: 1, entries: new Map() });
  });

  test.each(['', '[]', '{}', '{"version":2}', empty.replace('"codes": []', '"codes": 1')])(
    'refuses %j',
    (text) => {
      expect(parseManifest(text, '')).toBeUndefined();
    },
  );

  test('never throws, whatever the files hold', () => {
    assert(
      property(oneof(string(), json()), string(), (manifest, journal) => {
        parseManifest(manifest, journal);
        parseManifest(empty, manifest + journal);
      }),
    );
  });
});

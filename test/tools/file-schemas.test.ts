/** The schemas of files: what they take the tool takes, and what they refuse it refuses. */
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parseRulesFile } from '../../src/cli/commands/serve/rules-file.ts';
import { parseProjectFile } from '../../src/cli/settings/project-content.ts';
import { parseSaved, savedVersion } from '../../src/simulator/account/saved.ts';
import { parseScenario } from '../../src/simulator/account/scenario.ts';
import { scenarios } from '../../src/simulator/account/scenarios.ts';
import { fakeWorld } from '../helpers/fake-io.ts';
import { shippedSchemas } from './file-schemas.ts';

const schemas = shippedSchemas();
const ajv = new Ajv({ strict: false, validateFormats: false });
const schemaOf = (name: string): ValidateFunction => ajv.compile(schemas[`${name}.schema.json`] as object);

/** Whether a reader takes a value. */
function takes(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

const takesRules = (value: unknown): boolean =>
  takes(() => parseRulesFile(JSON.stringify(value), 'rules.json'));
const one = (rule: object): object => ({ rules: [rule] });
const takesScenario = (value: unknown): boolean => takes(() => parseScenario(value));

test('every schema has a title, and names its draft', () => {
  const names = Object.keys(schemas);
  expect(names.length).toBeGreaterThan(30);
  for (const [name, { $schema, title }] of Object.entries(schemas)) {
    expect({ name, $schema, title }).toEqual({
      name,
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: expect.any(String) as string,
    });
  }
});

describe('rules', () => {
  const accepts = schemaOf('rules');

  test.each<readonly [string, unknown, unknown]>([
    ['no reply', one({ reply: 'hi' }), one({ text: 'hi' })],
    ['an empty text', one({ text: 'a', reply: 'hi' }), one({ text: '', reply: 'hi' })],
    ['a key that is none', one({ key: 'A', reply: 'hi' }), one({ kye: 'A', reply: 'hi' })],
    ['a type that is none', one({ type: 'text', reply: 'hi' }), one({ type: 'txt', reply: 'hi' })],
    [
      'a reply without its field',
      one({ reply: { type: 'image', media_id: 'm' } }),
      one({ reply: { type: 'image' } }),
    ],
    [
      'a reply of no type',
      one({ reply: { type: 'text', content: 'a' } }),
      one({ reply: { type: 'sms', content: 'a' } }),
    ],
    [
      'news without articles',
      one({ reply: { type: 'news', articles: [{ title: 'a', url: 'https://a' }] } }),
      one({ reply: { type: 'news', articles: [] } }),
    ],
    [
      'nine articles',
      one({ reply: { type: 'news', articles: Array.from({ length: 8 }, () => ({ title: 'a', url: 'b' })) } }),
      one({ reply: { type: 'news', articles: Array.from({ length: 9 }, () => ({ title: 'a', url: 'b' })) } }),
    ],
    ['a key beside the list', { $schema: './x', rules: [] }, { rule: [], rules: [] }],
    ['a text in the place of the list', [{ reply: { type: 'transfer_customer_service' } }], 'hi'],
  ])('refuse %s, as serve does, and not what is beside it', (_, good, broken) => {
    expect([accepts(good), takesRules(good)]).toEqual([true, true]);
    expect([accepts(broken), takesRules(broken)]).toEqual([false, false]);
  });
});

describe('a scenario', () => {
  const accepts = schemaOf('scenario');

  test.each(Object.keys(scenarios))('accepts %s, which comes with the tool', (name) => {
    expect(accepts(scenarios[name]?.scenario)).toBe(true);
  });

  test.each<readonly [string, unknown, unknown]>([
    ['an unknown part', {}, { fault: [] }],
    ['a fault without its path', { faults: [{ path: '/a', errcode: 1 }] }, { faults: [{ errcode: 1 }] }],
    [
      'a status that is none',
      { faults: [{ path: '/a', status: 500 }] },
      { faults: [{ path: '/a', status: 99 }] },
    ],
    ['a duration without a unit', { clock: '2h' }, { clock: '2' }],
    ['a setting that is none', { settings: { whitelist: null } }, { settings: { whitelsit: null } }],
    [
      'a kind of account that is none',
      { settings: { account_type: 'test' } },
      { settings: { account_type: 'x' } },
    ],
    ['a limit below 0', { settings: { quotas: { '/a': 0 } } }, { settings: { quotas: { '/a': -1 } } }],
    ['a tag below 2', { followers: [{ tag_ids: [2] }] }, { followers: [{ tag_ids: [1] }] }],
    [
      'a phone that is none',
      { followers: [{ client_platform_type: 3 }] },
      { followers: [{ client_platform_type: 4 }] },
    ],
    ['a field of nobody', { followers: [{ nickname: 'a', count: 2 }] }, { followers: [{ name: 'a' }] }],
  ])('refuses %s, as the simulator does, and not what is beside it', (_, good, broken) => {
    expect([accepts(good), takesScenario(good)]).toEqual([true, true]);
    expect([accepts(broken), takesScenario(broken)]).toEqual([false, false]);
  });

  test('in a file may name its schema', async () => {
    const files = { '/desk/day.json': '{"$schema":"./x","settings":{"accept_chunked":1}}' };
    const { code, stderr } = await fakeWorld({ files }).run('simulator', '--scenario', './day.json');
    // It is the setting that is refused.
    expect([code, stderr]).toEqual([2, expect.stringContaining('accept_chunked')]);
  });
});

describe('the project file', () => {
  const accepts = schemaOf('wechat-mp');

  test('accepts what init writes', async () => {
    const world = fakeWorld();
    await world.run('init', '--simulator');
    const text = world.files.contents.get('/desk/wechat-mp.json')?.toString() ?? '';
    expect([accepts(JSON.parse(text)), accepts.errors]).toEqual([true, null]);
    expect(await parseProjectFile('wechat-mp.json', text)).toMatchObject({
      profile: 'simulator',
      servePort: '8080',
    });
  });

  test.each<readonly [string, unknown]>([
    ['a secret', { secret: 'a' }],
    ['a host', { apiBase: 'https://a' }],
    ['a key that is misspelt', { profil: 'a' }],
    ['a port that is none', { serve: { port: 70_000 } }],
    ['an AppID that is none', { appid: 'gh_123' }],
  ])('refuses %s', (_, broken) => {
    expect(accepts(broken)).toBe(false);
  });
});

describe('a state', () => {
  const accepts = schemaOf('state');

  test('accepts what a simulator saves, with faults and scenarios on', async () => {
    const world = fakeWorld();
    await world.fault({ path: '/cgi-bin/menu/get', delay: '2s', times: 3 });
    const saved: unknown = JSON.parse(JSON.stringify(world.simulator.save()));
    expect([accepts(saved), accepts.errors]).toEqual([true, null]);
    expect(takes(() => parseSaved(saved))).toBe(true);
  });

  test.each<readonly [string, unknown]>([
    ['another version', { version: 1, runs: 1, offsetMs: 0, accounts: [{}] }],
    ['no account', { version: savedVersion, runs: 1, offsetMs: 0, accounts: [] }],
    ['no run', { version: savedVersion, runs: 0, offsetMs: 0, accounts: [{}] }],
  ])('refuses %s', (_, broken) => {
    expect(accepts(broken)).toBe(false);
  });
});

test('a table for qr batch needs a scene, and says yes and no in its words', () => {
  const accepts = schemaOf('qr-batch');
  expect(accepts([{ scene: '1', name: '', expire: '7d', permanent: '是' }, { scene: 'shop' }])).toBe(true);
  for (const broken of [{}, { scene: '' }, { scene: '1', expire: '7' }, { scene: '1', permanent: 'maybe' }])
    expect({ broken, accepts: accepts([broken]) }).toEqual({ broken, accepts: false });
});

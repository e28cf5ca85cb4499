import { describe, expect, test } from 'vitest';
import { readCallExamples, readKnownCalls } from '../../../src/core/catalogue/index.ts';
import { readSimulatedPaths } from '../../../src/simulator/nouns/index.ts';
import { simulate } from '../simulated.ts';

/** What it answers is in the catalogue, and no more than that. */
const known = '/cgi-bin/wxopen/qrcodejumpget';
const exampleOf = async (name: string) => (await readCallExamples())[name]?.answer;

describe('a call that is known and not simulated', () => {
  test('answers the example of the documentation with --examples, marked as one', async () => {
    const world = simulate({ examples: true });
    const response = await world.call('POST', await world.path(known), {});
    const [call] = (await readKnownCalls()).filter((each) => each.path === known);
    expect([response.status, response.headers.get('x-simulated')]).toEqual([200, 'example']);
    expect(await response.json()).toEqual(await exampleOf(call?.name ?? ''));
    const requests = (await world.ask('GET', '/_ctl/requests')) as unknown as readonly object[];
    expect(requests.at(-1)).toMatchObject({ path: known, note: 'example', errcode: 0 });
  });

  test('is refused without the flag', async () => {
    const world = simulate();
    const response = await world.call('POST', await world.path(known), {});
    expect([response.headers.get('x-simulated'), await response.json()]).toMatchObject([
      'none',
      { errcode: 48001 },
    ]);
  });

  test('is refused first for its method, its token, its caller and its account', async () => {
    const world = simulate({ examples: true });
    expect(await world.errcode('GET', await world.path(known))).toBe(43002);
    expect(await world.errcode('POST', known, {})).toBe(41001);
    expect(await world.errcode('POST', `${known}?access_token=x`, {})).toBe(40014);
    const path = await world.path(known);
    await world.ask('POST', '/_ctl/settings', { whitelist: [] });
    expect(await world.errcode('POST', path, {})).toBe(40164);
  });

  test('is told apart by its parameters where several share a path', async () => {
    const world = simulate({ examples: true });
    const stat = async (action: string) =>
      await world.ask('GET', await world.path(`/publisher/stat?action=${action}`));
    expect(await stat('publisher_settlement')).toEqual(await exampleOf('publisher.settlement'));
    expect(await stat('publisher_adpos_general')).toEqual(await exampleOf('publisher.adpos'));
    expect(await stat('x')).toMatchObject({ errcode: 48001 });
  });

  test('that has no example, was withdrawn or is no call stays what it is', async () => {
    const world = simulate({ examples: true });
    const examples = await readCallExamples();
    const simulated = await readSimulatedPaths();
    const without = (await readKnownCalls()).find(
      ({ name, path, method, isWithdrawn }) =>
        method === 'POST' && !simulated.has(path) && !isWithdrawn && examples[name]?.answer === undefined,
    );
    expect(await world.errcode('POST', await world.path(without?.path ?? ''), {})).toBe(48001);
    expect(await world.errcode('POST', await world.path('/cgi-bin/shorturl'), {})).toBe(45106);
    expect(await world.errcode('POST', await world.path('/cgi-bin/nonsense'), {})).toBe(40066);
  });
});

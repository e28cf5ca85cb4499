import { describe, expect, test } from 'vitest';
import { alice, phoned } from './phoned.ts';

/** Reads an event stream until that many events have come, or it ends. */
async function readEvents(response: Response, count: number) {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  const events = (): string[] => text.split('\n\n').slice(0, -1);
  while (reader !== undefined && events().length < count) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return events().map((event) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
    return [name, JSON.parse(data ?? 'null') as Record<string, unknown>] as const;
  });
}

describe('GET /_ctl/events', () => {
  test('tells of every change as it happens', async () => {
    const world = await phoned();
    const stream = await world.call('GET', '/_ctl/events');
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await world.act('send', { text: 'a\n\nevent: b' });
    await world.pushMenu({ type: 'click', name: 'a', key: 'K' });
    await world.call('POST', '/_ctl/settings', { secret_frozen: true });
    await world.advance('2h');
    await world.call('POST', '/_ctl/faults', { path: '/cgi-bin/menu/get', errcode: -1 });
    await world.call('POST', '/_ctl/callback', { url: null });
    await world.act('unfollow');
    await world.call('POST', '/_ctl/reset');
    const events = await readEvents(stream, 18);
    expect(events.map(([name]) => name).join(' ')).toBe(
      'hello chat push push push request request menu settings clock faults callback chat push push follower clock reset',
    );
    expect(events[1]?.[1]).toMatchObject({
      openid: alice,
      message: { content: { type: 'text', text: 'a\n\nevent: b' } },
    });
    expect(events.slice(2, 5).map(([, push]) => [push['state'], (push['attempts'] as []).length])).toEqual([
      ['sending', 0],
      ['sending', 1],
      ['answered', 1],
    ]);
  });

  test('ends the oldest of 33 streams, and all with the simulator', async () => {
    const world = await phoned();
    const streams = await Promise.all(Array.from({ length: 33 }, () => world.call('GET', '/_ctl/events')));
    const [first, second] = streams;
    if (first === undefined || second === undefined) throw new Error('no stream');
    expect(await readEvents(first, 2)).toHaveLength(1);
    world.close();
    expect(await readEvents(second, 2)).toHaveLength(1);
  });

  test('cuts off a reader that has fallen four megabytes behind', async () => {
    const world = await phoned();
    const stream = await world.call('GET', '/_ctl/events');
    const text = 'x'.repeat(20_000);
    for (let sent = 0; sent < 100; sent += 1) await world.act('send', { text });
    const events = await readEvents(stream, 1000);
    expect(events.length).toBeGreaterThan(10);
    expect(events.length).toBeLessThan(300);
  });

  test('tells nothing of a secret', async () => {
    const world = await phoned();
    const stream = await world.call('GET', '/_ctl/events');
    const token = (await world.classic()).access_token ?? '';
    await world.act('send', { text: 'hi' });
    const text = JSON.stringify(await readEvents(stream, 6));
    expect(text).toContain('"push"');
    for (const secret of [world.account.secret, world.account.callbackToken, token]) {
      expect(text).not.toContain(secret);
    }
  });
});

import { describe, expect, test } from 'vitest';
import { checkCallback } from '../../src/api/callback.ts';
import type { Call, Client } from '../../src/api/client.ts';

function answering(fields: Readonly<Record<string, unknown>>): { client: Client; calls: Call[] } {
  const calls: Call[] = [];
  const call: Client['call'] = (asked) => {
    calls.push(asked);
    return Promise.resolve({ status: 200, headers: {}, bytes: new Uint8Array(), fields } as never);
  };
  return { client: { apiBase: 'https://api.weixin.qq.com', call }, calls };
}

describe('checkCallback()', () => {
  test('asks for everything by the default network, and may ask again', async () => {
    const { client, calls } = answering({});
    await checkCallback(client);
    expect(calls).toEqual([
      {
        method: 'POST',
        path: '/cgi-bin/callback/check',
        body: { action: 'all', check_operator: 'DEFAULT' },
        idempotent: true,
      },
    ]);
  });

  test('reads the documented answer', async () => {
    const { client } = answering({
      dns: [{ ip: '111.161.64.40', real_operator: 'UNICOM' }, { ip: '111.161.64.48' }],
      ping: [{ ip: '111.161.64.40', from_operator: 'UNICOM', package_loss: '0%', time: '23.079ms' }],
    });
    expect(await checkCallback(client)).toEqual({
      addresses: ['111.161.64.40', '111.161.64.48'],
      pings: [{ ip: '111.161.64.40', from: 'UNICOM', loss: '0%', time: '23.079ms' }],
    });
  });

  test('finds nothing in an answer of another shape', async () => {
    const { client } = answering({ dns: 'none', ping: [null, { ip: 7 }] });
    expect(await checkCallback(client)).toEqual({
      addresses: [],
      pings: [{ ip: '', from: '', loss: '', time: '' }],
    });
  });
});

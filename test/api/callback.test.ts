import { describe, expect, test } from 'vitest';
import { checkCallback } from '../../src/api/callback.ts';
import { apiClient } from '../helpers/api-client.ts';

describe('checkCallback()', () => {
  test('asks for everything by the default network', async () => {
    const { client, fake } = apiClient({ body: { dns: [], ping: [] } });
    await checkCallback(client);
    expect(fake.requests[0]).toMatchObject({
      method: 'POST',
      url: 'http://127.0.0.1:8090/cgi-bin/callback/check?access_token=SIM_token',
      body: '{"action":"all","check_operator":"DEFAULT"}',
    });
  });

  test('reads the documented answer', async () => {
    const { client } = apiClient({
      body: {
        dns: [{ ip: '111.161.64.40', real_operator: 'UNICOM' }, { ip: '111.161.64.48' }],
        ping: [{ ip: '111.161.64.40', from_operator: 'UNICOM', package_loss: '0%', time: '23.079ms' }],
      },
    });
    expect(await checkCallback(client)).toEqual({
      addresses: ['111.161.64.40', '111.161.64.48'],
      pings: [{ ip: '111.161.64.40', from: 'UNICOM', loss: '0%', time: '23.079ms' }],
    });
  });

  test('finds nothing in entries of another shape', async () => {
    const { client } = apiClient({ body: { dns: 'none', ping: [null, { ip: 7 }] } });
    expect(await checkCallback(client)).toEqual({
      addresses: [],
      pings: [{ ip: '', from: '', loss: '', time: '' }],
    });
  });

  test('takes no success without a list for "nothing was found"', async () => {
    const { client } = apiClient({ body: { errcode: 0, errmsg: 'ok' } });
    await expect(checkCallback(client)).rejects.toMatchObject({ type: 'unexpected_answer' });
  });
});

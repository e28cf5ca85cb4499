import { describe, expect, onTestFinished, test } from 'vitest';
import { createFetch } from '../../src/io/net/fetch.ts';
import { badServer, faults, type Behaviour } from '../helpers/bad-server.ts';

const fetch = createFetch({
  proxy: undefined,
  environment: {},
  platform: 'linux',
});

async function open(behave: Behaviour): Promise<string> {
  const server = await badServer(behave);
  onTestFinished(async () => await server.close());
  return server.url;
}

const get = (url: string, timeoutMs = 300) => fetch({ method: 'GET', url, timeoutMs, maxBytes: 1 << 20 });

describe('createFetch() says of a timeout that it came while', () => {
  test.each([
    ['silent', 'answer'],
    ['slow head', 'answer'],
    ['dripping body', 'body'],
  ] as const)('a server with a %s: %s', async (fault, phase) => {
    await expect(get(await open(faults[fault]))).rejects.toMatchObject({ type: 'timeout', facts: { phase } });
  });

  test('the TLS handshake was not answered', async () => {
    const url = (await open(() => {})).replace('http:', 'https:');
    await expect(get(url)).rejects.toMatchObject({
      type: 'timeout',
      facts: { phase: 'tls', request_sent: false },
    });
  });

  test('and no other failure has a phase', async () => {
    const error: unknown = await get(await open(faults.reset)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ type: 'reset' });
    expect(error).not.toHaveProperty('facts.phase');
  });
});

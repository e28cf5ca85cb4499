import { expect, test } from 'vitest';
import { openLater } from '../../../../src/cli/commands/serve/open-later.ts';
import type { Requests } from '../../../../src/cli/commands/serve/requests.ts';
import type { Context } from '../../../../src/cli/context.ts';
import type { ServerRequest } from '../../../../src/io/ports.ts';

const request: ServerRequest = {
  method: 'GET',
  path: '/wechat',
  query: '',
  headers: {},
  body: new Uint8Array(),
  remoteAddress: '127.0.0.1',
};

function later(load: (count: number) => Requests) {
  const warnings: string[] = [];
  const context = { warn: ({ en }: { en: string }) => void warnings.push(en) } as unknown as Context;
  let count = 0;
  const requests = openLater(context, async () => await Promise.resolve(load(++count)));
  return { requests, warnings, loads: () => count };
}

function answering(status: number): Requests & { flushed: number; told: number } {
  const requests = {
    flushed: 0,
    handler: () => ({ status, contentType: '', body: '' }),
    told: 0,
    onRefused: () => void (requests.told += 1),
    flush: () => void (requests.flushed += 1),
  };
  return requests;
}

test('what answers is loaded once, with the first request', async () => {
  const real = answering(200);
  const { requests, loads } = later(() => real);
  requests.flush();
  expect([loads(), real.flushed]).toEqual([0, 0]);
  const [first, second] = await Promise.all([requests.handler(request), requests.handler(request)]);
  expect([first.status, second.status, loads()]).toEqual([200, 200, 1]);
  // Without a turn of the event loop from then on.
  expect(requests.handler(request)).toEqual({ status: 200, contentType: '', body: '' });
  requests.flush();
  expect(real.flushed).toBe(1);
});

test('a request that the server refused itself is told when the log is there', async () => {
  const real = answering(200);
  const { requests, loads } = later(() => real);
  const refused = { status: 400, reason: 'bad_request', method: '', remoteAddress: '' } as const;
  requests.onRefused(refused);
  await requests.handler(request);
  requests.onRefused(refused);
  await Promise.resolve();
  expect([loads(), real.told]).toEqual([1, 2]);
});

test('a load that fails is told once and tried again', async () => {
  const { requests, warnings } = later((count) => {
    if (count < 3) throw new Error("Cannot find module './requests.js'\nRequire stack:");
    return answering(201);
  });
  for (let index = 0; index < 2; index += 1)
    await expect(async () => await requests.handler(request)).rejects.toThrow('Cannot find module');
  expect(await requests.handler(request)).toMatchObject({ status: 201 });
  expect(warnings).toEqual([
    "Cannot load what answers requests: Error: Cannot find module './requests.js'. If the tool was updated or removed since the start, start serve again",
  ]);
});

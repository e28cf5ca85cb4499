import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadSample, sampleSummaries } from '../../../src/simulator/push/sample-messages.ts';

const folder = path.resolve(import.meta.dirname, '../../../src/simulator/messages');

test('sampleSummaries name the group where each sample stands, and none is left over', () => {
  const standing = readdirSync(folder)
    .filter((name) => name !== 'index.json')
    .flatMap((name) => {
      const samples = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as { id: string }[];
      return samples.map(({ id }) => `${path.basename(name, '.json')} ${id}`);
    });
  expect(standing.toSorted()).toEqual(sampleSummaries.map(({ group, id }) => `${group} ${id}`).toSorted());
});

test('loadSample() joins what the list says with the message itself', async () => {
  expect(await loadSample('device_event')).toMatchObject({
    id: 'device_event',
    kind: 'event',
    msgType: 'device_event',
    event: 'bind',
    title: { zh: '设备绑定/解绑事件' },
    xml: expect.stringContaining('<DeviceID>') as string,
  });
});

test.each(['nope', 'constructor', 'index', ''])('loadSample() finds nothing under "%s"', async (id) => {
  expect(await loadSample(id)).toBeUndefined();
});

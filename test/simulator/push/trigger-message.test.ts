import { describe, expect, test } from 'vitest';
import { parseFields } from '../../../src/core/callback/body.ts';
import { loadSample, sampleSummaries } from '../../../src/simulator/push/sample-messages.ts';
import {
  changeFields,
  noChanges,
  pushOf,
  renew,
  sampleFields,
} from '../../../src/simulator/push/trigger-message.ts';
import type { MessageChanges } from '../../../src/simulator/push/trigger-message.ts';

const world = {
  clock: { now: () => 1_714_036_504_999, monotonic: () => 0, sleep: () => Promise.resolve() },
  random: { bytes: (count: number) => new Uint8Array(count).fill(7) },
};

const change = (
  changes: Partial<MessageChanges>,
  fields = parseFields('<xml><A>1</A><B><C>2</C></B></xml>'),
) => JSON.parse(JSON.stringify(changeFields(fields, { ...noChanges, ...changes }))) as unknown;

describe('renew()', () => {
  test('sets the time, and a new id where there was one', () => {
    expect(renew({ MsgId: '1', CreateTime: '5' }, world)).toEqual({
      MsgId: '1714036504888888888',
      CreateTime: '1714036504',
    });
    expect(renew({ Event: 'CLICK' }, world, 3)).toEqual({ Event: 'CLICK', CreateTime: '1714036501' });
  });

  test('makes ids that fit into 63 bits', () => {
    const most = { ...world, random: { bytes: (count: number) => new Uint8Array(count).fill(8) } };
    expect(BigInt(String(renew({ MsgId: '1' }, most)['MsgId'])) < 2n ** 63n).toBe(true);
  });
});

describe('changeFields()', () => {
  test('sets, adds and takes out fields at any depth', () => {
    expect(
      change({
        set: [
          ['A', '9'],
          ['B.D', '3'],
          ['E.F', '4'],
        ],
      }),
    ).toEqual({
      A: '9',
      B: { C: '2', D: '3' },
      E: { F: '4' },
    });
    expect(change({ unset: ['A', 'B.C', 'nothing.here'] })).toEqual({ B: {} });
  });

  test('sets and takes out entries of a list by their number', () => {
    const list = () => parseFields('<xml><L><i>a</i></L><L><i>b</i></L></xml>');
    expect(
      change(
        {
          set: [
            ['L.1.i', 'x'],
            ['L.2.i', 'y'],
          ],
        },
        list(),
      ),
    ).toEqual({
      L: [{ i: 'a' }, { i: 'x' }, { i: 'y' }],
    });
    expect(change({ unset: ['L.0'] }, list())).toEqual({ L: [{ i: 'b' }] });
  });

  test.each(['A.B', 'L.x', 'L.5'])('refuses the place %s', (place) => {
    const fields = parseFields('<xml><A>1</A><L>1</L><L>2</L></xml>');
    expect(() => change({ set: [[place, 'x']] }, fields)).toThrow(/Cannot set/);
  });

  test('from and key are FromUserName and EventKey, and set comes after them', () => {
    expect(change({ from: 'o1', key: 'BUY' }, {})).toEqual({ FromUserName: 'o1', EventKey: 'BUY' });
    expect(change({ key: 'BUY', set: [['EventKey', 'SELL']] }, {})).toEqual({ EventKey: 'SELL' });
  });
});

describe('sampleFields()', () => {
  test.each(sampleSummaries.map(({ id }) => id))(
    '%s makes a push of its type in both formats',
    async (id) => {
      const sample = await loadSample(id);
      if (sample === undefined) throw new Error(id);
      for (const format of ['xml', 'json'] as const) {
        const { text, message } = pushOf(renew(sampleFields(sample, format), world), format);
        const fields = parseFields(text);
        expect(fields['MsgType']).toBe(sample.msgType);
        expect(fields['Event']).toBe(sample.event);
        expect(message.createTime).toBe(1_714_036_504);
        expect(text.startsWith(format === 'xml' ? '<xml>' : '{')).toBe(true);
      }
    },
  );
});

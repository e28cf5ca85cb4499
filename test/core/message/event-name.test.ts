import { describe, expect, test } from 'vitest';
import { eventNameOf, qrSceneOf } from '../../../src/core/message/event-name.ts';
import { readMessage } from '../../../src/core/message/message.ts';
import type { EventMessage } from '../../../src/core/message/message.ts';

const read = (fields: Readonly<Record<string, string>>) => readMessage(fields);

describe('eventNameOf()', () => {
  test.each([
    [{ MsgType: 'event', Event: 'CLICK' }, 'CLICK'],
    [{ MsgType: 'event', Event: 'brand_new' }, 'brand_new'],
    [{ MsgType: 'event', Event: 'FREEPUBLISHJOBFINISH' }, 'FREEPUBLISHJOBFINISH'],
    [{ MsgType: 'device_event', Event: 'bind' }, 'bind'],
    [{ MsgType: 'text', Event: 'CLICK' }, undefined],
    [{ MsgType: 'hologram', Event: 'CLICK' }, undefined],
  ])('eventNameOf() finds in %j the name %j', (fields, name) => {
    expect(eventNameOf(read(fields))).toBe(name);
  });
});

describe('qrSceneOf()', () => {
  test.each([
    ['SCAN', '123', '123'],
    ['SCAN', 'qrscene_1', 'qrscene_1'],
    ['subscribe', 'qrscene_123', '123'],
    ['subscribe', 'qrscene_qrscene_1', 'qrscene_1'],
    ['subscribe', '', undefined],
    ['CLICK', 'qrscene_1', undefined],
  ])('qrSceneOf() finds in %s with key %j the scene %j', (event, key, scene) => {
    expect(qrSceneOf(read({ MsgType: 'event', Event: event, EventKey: key }) as EventMessage)).toBe(scene);
  });
});

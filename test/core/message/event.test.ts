import { describe, expect, test } from 'vitest';
import { parseFields } from '../../../src/core/callback/body.ts';
import type { EventMessage } from '../../../src/core/message/event.ts';
import { VerificationError } from '../../../src/core/errors.ts';
import { readMessage } from '../../../src/core/message/message.ts';

const json = (fields: object): EventMessage => {
  const message = readMessage(parseFields(JSON.stringify({ MsgType: 'event', ...fields })));
  if (message.msgType !== 'event') throw new Error('no event');
  return message;
};
describe('readEvent()', () => {
  test.each(['CLICK', 'brand_new', 'click', '', 'toString', '__proto__', 'constructor'])(
    'readEvent() keeps the event %j whole, known or not',
    (name) => {
      const message = json({ Event: name, EventKey: 'k', Anything: { deep: ['1', '2'] } });
      expect(message).toMatchObject({ event: name, eventKey: 'k' });
      expect(message.fields['Anything']).toEqual({ deep: ['1', '2'] });
    },
  );

  test('readEvent() leaves a nested key to the fields', () => {
    const message = json({ Event: 'scancode_push', EventKey: { a: '1' } });
    expect(message).not.toHaveProperty('eventKey');
    expect(message.fields).toMatchObject({ EventKey: { a: '1' } });
    expect(json({ Event: 'x', EventKey: ['a', 'b'] })).not.toHaveProperty('eventKey');
  });

  test('readEvent() takes blanks around the name away, and no name for an empty one', () => {
    expect([json({ Event: ' CLICK\n' }).event, json({}).event]).toEqual(['CLICK', '']);
  });

  test('readEvent() refuses an event whose name is no text', () => {
    expect(() => json({ Event: { a: '1' } })).toThrow(VerificationError);
    expect(() => json({ Event: ['a', 'b'] })).toThrow(VerificationError);
  });
});

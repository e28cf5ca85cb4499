/** A push made of a sample: now, with a new id, and with what the developer changed. */
import { parseFields } from '../core/callback.ts';
import type { MessageFormat } from '../core/callback.ts';
import type { Fields } from '../core/fields.ts';
import { readMessage } from '../core/message.ts';
import { writeMessage } from '../core/message-writer.ts';
import { digitsOf } from '../core/push-query.ts';
import type { Clock, Random } from '../io/ports.ts';
import type { Push } from './push.ts';
import type { Sample } from './sample-messages.ts';

/** The fields of a sample. Where the documents show mini programs another form, that is taken for JSON. */
export function sampleFields(sample: Sample, format: MessageFormat): Fields {
  const { json } = sample;
  return parseFields(format === 'json' && json !== undefined ? JSON.stringify(json) : sample.xml);
}

/**
 * The fields as a message of this moment: `CreateTime` is now and `MsgId`, where there is one, is new. `index` tells
 * messages of the same second apart: events have no id, and are told apart by their time.
 */
export function renew(
  fields: Fields,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  index = 0,
): Fields {
  const seconds = Math.floor(clock.now() / 1000);
  return {
    ...fields,
    CreateTime: String(seconds - index),
    ...(fields['MsgId'] === undefined ? {} : { MsgId: newMsgId(seconds, random) }),
  };
}

/** 19 digits that fit into 63 bits and are new at every call. */
export function newMsgId(seconds: number, random: Random): string {
  return `${seconds}${digitsOf(random.bytes(9))}`;
}

/** The push that these fields make. */
export function pushOf(fields: Fields, format: MessageFormat): Push {
  return { text: writeMessage(fields, format), message: readMessage(fields) };
}

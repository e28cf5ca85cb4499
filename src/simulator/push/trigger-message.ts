/** A push made of a sample: now, with a new id, and with what the developer changed. */
import { digitsOf, type MessageFormat, parseFields } from '../../core/callback/index.ts';
import { usageError } from '../../core/errors.ts';
import { type Fields, type FieldValue, readMessage, writeMessage } from '../../core/message/index.ts';
import type { Clock, Random } from '../../io/ports.ts';
import type { Push } from './push.ts';
import type { Sample } from './sample-messages.ts';

/** What is different from the sample. Places are names with dots between; in a list, numbers from 0. */
export interface MessageChanges {
  readonly set: readonly (readonly [place: string, value: string])[];
  readonly unset: readonly string[];
  readonly from?: string | undefined;
  readonly key?: string | undefined;
}

export const noChanges: MessageChanges = { set: [], unset: [] };

/** The fields of a sample. Where the documents show mini programs another form, that is taken for JSON. */
export function sampleFields(sample: Sample, format: MessageFormat): Fields {
  const { json } = sample;
  return parseFields(format === 'json' && json !== undefined ? JSON.stringify(json) : sample.xml);
}

/**
 * The fields as a message of this moment: `CreateTime` is now, or so many seconds ago, and `MsgId`, where there is one,
 * is new.
 */
export function renew(
  fields: Fields,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  ageSeconds = 0,
): Fields {
  const seconds = Math.floor(clock.now() / 1000);
  return {
    ...fields,
    CreateTime: String(seconds - ageSeconds),
    ...('MsgId' in fields && { MsgId: newMsgId(seconds, random) }),
  };
}

/** 19 digits that fit into 63 bits and are new at every call. */
function newMsgId(seconds: number, random: Random): string {
  return `${seconds}${digitsOf(random.bytes(9))}`;
}

/** The fields with the changes. Throws a usage error for a place that cannot be. */
export function changeFields(fields: Fields, { set, unset, from, key }: MessageChanges): Fields {
  const all = [
    ...(from === undefined ? [] : [['FromUserName', from] as const]),
    ...(key === undefined ? [] : [['EventKey', key] as const]),
    ...set,
  ];
  const changed = all.reduce((result, [place, value]) => put(result, place.split('.'), value), fields);
  return unset.reduce((result, place) => put(result, place.split('.'), undefined), changed);
}

/** `undefined` takes the field out. */
function put(fields: Fields, [name = '', ...rest]: readonly string[], value: string | undefined): Fields {
  const old = fields[name];
  const next = rest.length === 0 ? value : putInside(old, rest, value);
  if (next === undefined) {
    const { [name]: _gone, ...others } = fields;
    return others;
  }
  return { ...fields, [name]: next };
}

function putInside(
  old: FieldValue | undefined,
  places: readonly string[],
  value: string | undefined,
): FieldValue | undefined {
  if (typeof old === 'string') throw notNested(places);
  if (!isList(old))
    return old === undefined && value === undefined ? undefined : put(old ?? {}, places, value);
  const [place = '', ...rest] = places;
  const index = /^\d{1,4}$/.test(place) ? Number(place) : -1;
  if (index < 0 || index > old.length) throw notNested(places);
  const next = rest.length === 0 ? value : putInside(old[index], rest, value);
  return next === undefined ? old.toSpliced(index, 1) : old.toSpliced(index, 1, next);
}

function notNested(places: readonly string[]): Error {
  const place = places.join('.');
  return usageError('field_invalid', {
    en: `Cannot set "${place}": there is a text or a list where it would have to be inside`,
    zh: `无法设置“${place}”：其上一级是文本或列表`,
  });
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(value: FieldValue | undefined): value is readonly FieldValue[] {
  return Array.isArray(value);
}

export function pushOf(fields: Fields, format: MessageFormat): Push {
  return { text: writeMessage(fields, format), message: readMessage(fields) };
}

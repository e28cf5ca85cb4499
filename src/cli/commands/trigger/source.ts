/** Where the messages of `trigger` come from: a sample, a file, or a recording. */
import { appendQuery, formatOf, type MessageFormat, parseFields } from '../../../core/callback/index.ts';
import { inputError, usageError, VerificationError, type WechatMpError } from '../../../core/errors.ts';
import { readMessage } from '../../../core/message/index.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import { decodeUtf8 } from '../../../core/text/utf8.ts';
import { endToEndHeaders } from '../../../io/http.ts';
import {
  changeFields,
  loadSample,
  type MessageChanges,
  type Push,
  pushOf,
  type PushRequest,
  type PushTarget,
  type PushWorld,
  renew,
  sampleFields,
  sampleSummaries,
} from '../../../simulator/push/index.ts';
import type { Context } from '../../context.ts';
import { inputName, readText } from '../../files/text-input.ts';
import { closestTo, didYouMean } from '../../frame/suggest.ts';
import { parseRecording, type Recording } from '../../shared/recording.ts';
import type { TriggerPlan, TriggerSource } from './options.ts';

export interface MessageSource {
  readonly name: string;
  readonly format: MessageFormat;
  /**
   * The message with this number, from 0; each is another one. Events have no id and are told apart by their time, so
   * that each is a second older than the one before.
   */
  make(index: number, ageSeconds?: number): Push;
  /** The whole request, where it is not to be made anew. */
  request?(target: PushTarget): PushRequest;
}

/** A recording is this tool's own: one request with a body as long as the server took it. */
const limits = { file: readLimits.text, replay: readLimits.own } as const;

type World = Pick<PushWorld, 'clock' | 'random'>;

export async function createSource(
  context: Context,
  { flags, changes }: TriggerPlan,
  source: TriggerSource,
): Promise<MessageSource> {
  const world = context.io;
  if (source.kind === 'type') {
    return await sourceOfSample(
      world,
      findType(source.type),
      flags.format ?? 'xml',
      changes,
      (name, fields) => warnOfField(context, name, fields),
    );
  }
  const name = inputName(source.path);
  const text = await readText(context, source.path, flags, limits[source.kind]);
  if (source.kind === 'file') return sourceOfText(world, name, text, flags.format, changes);
  const recording = parseRecording(text, name);
  if (recording.method !== 'POST') throw handshakeRecorded(name);
  if (source.asIs) return asRecorded(name, recording);
  const message = recording.message ?? decodeUtf8(recording.body) ?? '';
  return sourceOfText(world, name, message, flags.format, changes, true);
}

/** Throws a usage error for a name that no sample has. */
export async function sourceOfSample(
  world: World,
  id: string,
  format: MessageFormat,
  changes: MessageChanges,
  unknownField: (name: string, fields: readonly string[]) => void = () => {},
): Promise<MessageSource> {
  const sample = await loadSample(id);
  if (sample === undefined) throw new TypeError(`no sample is called ${id}`);
  const fields = sampleFields(sample, format);
  const known = [
    ...Object.keys(fields),
    ...sample.fields.map((field) => field.name.replaceAll(/[.[].*/g, '')),
  ];
  for (const [place] of changes.set) {
    const name = place.split('.')[0] ?? '';
    if (!known.includes(name)) unknownField(name, known);
  }
  if (changes.key !== undefined && !known.includes('EventKey')) throw noEventKey(id);
  return {
    name: id,
    format,
    make: (index, ageSeconds = index) =>
      pushOf(changeFields(renew(fields, world, ageSeconds), changes), format),
  };
}

/** A message as it is written, unless something is to be changed or it is sent more than once. */
function sourceOfText(
  world: World,
  name: string,
  text: string,
  wanted: MessageFormat | undefined,
  changes: MessageChanges,
  isNew = false,
): MessageSource {
  const fields = readFields(text, name);
  const format = wanted ?? formatOf(text);
  const isChanged =
    Object.values(changes).some((change) => change !== undefined && change.length > 0) ||
    format !== formatOf(text);
  return {
    name,
    format,
    make: (index, ageSeconds = index) => {
      if (index === 0 && !isChanged && !isNew) return { text, message: readMessage(fields) };
      const current = index === 0 && !isNew ? fields : renew(fields, world, ageSeconds);
      return pushOf(changeFields(current, changes), format);
    },
  };
}

function readFields(text: string, name: string) {
  try {
    return parseFields(text);
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    throw inputError(
      'message_invalid',
      {
        en: `Cannot send "${name}": ${error.text.en}`,
        zh: `无法发送 "${name}"：${error.text.zh}`,
      },
      {
        en: 'Start from a sample: wechat-mp trigger text --dry-run',
        zh: '可以从示例开始：wechat-mp trigger text --dry-run',
      },
      { file: name },
    );
  }
}

/** Bytes, query and headers as they were received; only the host is another one. */
function asRecorded(name: string, recording: Recording): MessageSource {
  const message = recording.message ?? decodeUtf8(recording.body) ?? '';
  const push: Push = { text: message, message: readMessage(readFields(message, name)) };
  const headers = endToEndHeaders(recording.headers);
  return {
    name,
    format: formatOf(message),
    make: () => push,
    request: ({ url }) => ({
      method: 'POST',
      url: recording.query === '' ? url : `${appendQuery(url, {})}${recording.query}`,
      headers,
      body: recording.body,
    }),
  };
}

function handshakeRecorded(name: string): WechatMpError {
  return inputError(
    'recording_is_handshake',
    {
      en: `Cannot send "${name}": it is a handshake, not a message`,
      zh: `无法发送 "${name}"：这是接入验证，不是消息`,
    },
    {
      en: 'Verify the server: wechat-mp handshake probe <url>',
      zh: '验证服务器：wechat-mp handshake probe <url>',
    },
    { file: name },
  );
}

/** A sample by its name; names of events as on the wire are understood, too. */
function findType(given: string): string {
  const wanted = given.toLowerCase().replaceAll('-', '_');
  const ids = sampleSummaries.map(({ id }) => id);
  const found =
    ids.find((id) => id === given) ??
    ids.find((id) => id.toLowerCase() === wanted) ??
    sampleSummaries.find(({ event }) => event?.toLowerCase() === wanted)?.id;
  if (found !== undefined) return found;
  const known = [...ids, ...sampleSummaries.flatMap(({ event }) => event ?? [])];
  throw usageError(
    'type_unknown',
    { en: `There is no message type "${given}"`, zh: `没有名为 "${given}" 的消息类型` },
    didYouMean('wechat-mp trigger', given, known) ?? {
      en: 'See all types: wechat-mp trigger --list',
      zh: '查看全部类型：wechat-mp trigger --list',
    },
  );
}

function warnOfField(context: Context, name: string, known: readonly string[]): void {
  const suggestion = closestTo(name, known);
  context.warn({
    en: `This message has no field "${name}"${suggestion === undefined ? '' : `: did you mean "${suggestion}"`}; it is sent all the same`,
    zh: `该消息没有字段“${name}”${suggestion === undefined ? '' : `，是不是“${suggestion}”`}；仍会发送`,
  });
}

function noEventKey(id: string): WechatMpError {
  return usageError(
    'key_without_event',
    { en: `Cannot use --key: "${id}" has no EventKey`, zh: `不能使用 --key：“${id}”没有 EventKey` },
    { en: 'Use it with menu_click, scan or subscribe_qr', zh: '可用于 menu_click、scan、subscribe_qr 等' },
  );
}

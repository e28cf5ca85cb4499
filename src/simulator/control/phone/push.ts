/** The pushes that a phone causes, each made of the platform's own sample（接收普通消息, 接收事件推送）. */
import { digitsOf, type MessageFormat, parseFields } from '../../../core/callback/index.ts';
import { VerificationError } from '../../../core/errors.ts';
import { type Fields, type FieldValue, pushNameOf, readMessage } from '../../../core/message/index.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Clock, Random } from '../../../io/ports.ts';
import {
  changeFields,
  loadSample,
  type MessageChanges,
  type Push,
  pushOf,
  renew,
  sampleFields,
} from '../../push/index.ts';
import { refuse } from '../input.ts';
import { messageUnreadable, unknownType } from './texts.ts';

export interface PushMaker {
  readonly clock: Clock;
  /** For what is in the message. */
  readonly random: Random;
  /** For how it travels: nonces and padding. */
  readonly delivery: Random;
  /** `gh_…` */
  readonly originalId: string;
  readonly format: MessageFormat;
}

/** The sample with these fields in the place of its own; `undefined` takes one out. */
export async function makePush(
  maker: PushMaker,
  sampleId: string,
  openId: string,
  changes: Readonly<Record<string, FieldValue | undefined>>,
): Promise<Push> {
  const sample = await loadSample(sampleId);
  if (sample === undefined) throw new TypeError(`no sample is called ${sampleId}`);
  const { MsgDataId: _article, Idx: _idx, ...fields } = sampleFields(sample, 'xml');
  const changed = { ...fields, ...changes };
  const given = Object.entries(changed).filter(
    (entry): entry is [string, FieldValue] => entry[1] !== undefined,
  );
  return finish(maker, Object.fromEntries(given), openId);
}

/** Any sample with changes, as `trigger` takes them. */
export async function makeSamplePush(
  maker: PushMaker,
  sampleId: string,
  openId: string | undefined,
  changes: MessageChanges,
): Promise<Push> {
  const sample = await loadSample(sampleId);
  if (sample === undefined) return refuse(unknownType(sampleId), 'unknown_type');
  const fields = sampleFields(sample, maker.format);
  return finish(maker, fields, openId, changes);
}

/** A message as somebody wrote it, of any kind; nothing of it is changed. */
export function makeRawPush(text: string): { readonly type: string; readonly push: Push } {
  try {
    const message = readMessage(parseFields(text));
    return { type: pushNameOf(message) || 'message', push: { text, message } };
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return refuse(messageUnreadable(error.text), 'invalid_message');
  }
}

function finish(
  maker: PushMaker,
  fields: Fields,
  openId: string | undefined,
  changes: MessageChanges = { set: [], unset: [] },
): Push {
  const { random, originalId } = maker;
  const current = {
    ...renew(fields, maker),
    ToUserName: originalId,
    ...defined({ FromUserName: openId }),
    // Independent of the time, so that a seed alone repeats it; 17 digits as live ones have.
    ...('MsgId' in fields && { MsgId: digitsOf(random.bytes(17)) }),
  };
  return pushOf(changeFields(current, changes), maker.format);
}

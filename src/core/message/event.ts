import { defined } from '../text/defined.ts';
import { eventShapes } from './event-shapes.ts';
import { listField, nestedFields, textField, type Fields } from './fields.ts';
import { readShape, type Shape, type Shaped } from './shape.ts';

/** What every push has. */
export interface PushCommon {
  /** The account's original id（原始 ID）, `gh_…`. */
  readonly toUserName: string;
  /** The person's openid. */
  readonly fromUserName: string;
  /** Unix seconds; 0 where the push names none. */
  readonly createTime: number;
  /** Everything that came, under the names on the wire. */
  readonly fields: Fields;
}

interface EventCommon extends PushCommon {
  readonly msgType: 'event';
  /** The name as it came, capitals included. */
  readonly wireEvent: string;
  /** The button's key, the url, or the scene（`qrscene_…` only in `subscribe`）. */
  readonly eventKey?: string;
  /** The QR code's ticket. */
  readonly ticket?: string;
}

type EventShapes = typeof eventShapes;

/** Names of the documented events, as on the wire. */
export type EventName = keyof EventShapes;

/** The documented events（接收事件推送）, told apart by `event`. */
export type KnownEvent = {
  readonly [Name in EventName]: EventCommon & { readonly event: Name } & Shaped<EventShapes[Name]>;
}[EventName];

/** An event that is not known here, kept whole. */
export interface UnknownEvent extends EventCommon {
  readonly event: 'unknown';
}

export type EventMessage = KnownEvent | UnknownEvent;

/** All documented names, as on the wire. */
export const eventNames = Object.keys(eventShapes) as readonly EventName[];

/** Names that older documentation has for an event. */
const formerNames: ReadonlyMap<string, EventName> = new Map([
  ['FREEPUBLISHJOBFINISH', 'PUBLISHJOBFINISH'],
] as const);

/**
 * Reads the fields of an event. What has another form than the documentation says stays in `fields` alone; only the
 * name must be a text. Throws `VerificationError` (`xml`) where it is not.
 */
export function readEvent(common: Omit<PushCommon, 'fields'>, fields: Fields): EventMessage {
  const wireEvent = textField(fields, 'Event')?.trim() ?? '';
  const event = formerNames.get(wireEvent) ?? wireEvent;
  const [eventKey, ticket] = [keyOf(fields), textField(fields, 'Ticket')];
  const shared = {
    ...common,
    msgType: 'event' as const,
    wireEvent,
    ...defined({ eventKey, ticket }),
  };
  if (!isEventName(event)) return { ...shared, event: 'unknown', fields };
  const shape: Shape = eventShapes[event];
  return { ...readShape(fields, shape), ...shared, event, fields } as KnownEvent;
}

function isEventName(name: string): name is EventName {
  return Object.hasOwn(eventShapes, name);
}

/** Some events of other products nest the key or repeat it; it is then left to `fields`. */
function keyOf(fields: Fields): string | undefined {
  if (nestedFields(fields, 'EventKey') !== undefined || listField(fields, 'EventKey').length > 1)
    return undefined;
  return textField(fields, 'EventKey');
}

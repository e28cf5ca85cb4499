import { eventNameOf, type IncomingMessage } from '../core/message/index.ts';
import { isComplete, type PassiveReply } from '../core/reply/index.ts';
import type { ChooseReply } from './answering.ts';
import { echo, type Chosen } from './echo.ts';
import { fillTemplate, type TemplateValues } from './template.ts';

/** A text that must be the same, or a pattern that must be found in it. */
export type Matcher = string | RegExp;

/** What is answered to the pushes that have everything a rule names. */
export interface Rule {
  /** `MsgType` on the wire. */
  readonly type?: string | undefined;
  /** `Event` on the wire, capitals included. */
  readonly event?: string | undefined;
  /** `EventKey`. */
  readonly key?: Matcher | undefined;
  /** `Content` of a text message. */
  readonly text?: Matcher | undefined;
  readonly reply: RuleReply;
}

/** A reply whose texts may hold `{{…}}`, or one of the two ways of showing nothing, or what came. */
export type RuleReply = PassiveReply | 'success' | '' | 'echo';

/** Answers with the first rule that matches, and otherwise as `otherwise` does. */
export function createRuleReply(rules: readonly Rule[], otherwise: ChooseReply = echo): ChooseReply {
  return (message, push) => {
    for (const rule of rules) {
      const groups = matchRule(rule, message);
      if (groups !== undefined)
        return fillReply(rule.reply, { fields: message.fields, groups }, () => echo(message, push));
    }
    return otherwise(message, push);
  };
}

/** What the patterns of a rule have caught, or `undefined` where the rule does not match. */
export function matchRule(
  rule: Rule,
  message: IncomingMessage,
): Readonly<Record<string, string>> | undefined {
  const type = message.msgType === 'unknown' ? message.wireType : message.msgType;
  if (rule.type !== undefined && rule.type !== type) return undefined;
  if (rule.event !== undefined && rule.event !== eventNameOf(message)) return undefined;
  const key = message.msgType === 'event' ? message.eventKey : undefined;
  const text = message.msgType === 'text' ? message.content : undefined;
  const caught = [matchText(rule.key, key), matchText(rule.text, text)];
  return caught.includes(undefined) ? undefined : Object.assign({}, ...caught);
}

function matchText(
  matcher: Matcher | undefined,
  text: string | undefined,
): Readonly<Record<string, string>> | undefined {
  if (matcher === undefined) return {};
  if (text === undefined) return undefined;
  if (typeof matcher === 'string') return text.trim() === matcher ? {} : undefined;
  const match = text.match(matcher);
  return match === null ? undefined : groupsOf(match);
}

function groupsOf(match: RegExpMatchArray): Readonly<Record<string, string>> {
  const numbered = Object.fromEntries(match.map((group, index) => [String(index), group ?? '']));
  const named = Object.fromEntries(
    Object.entries(match.groups ?? {}).map(([name, group]) => [name, group ?? '']),
  );
  return { ...numbered, ...named };
}

/** A reply with its values inserted. One that turns out to lack something would be an error in the chat: nothing is sent. */
export function fillReply(reply: RuleReply, values: TemplateValues, echoed: () => Chosen): Chosen {
  if (reply === 'echo') return echoed();
  if (typeof reply === 'string') return reply;
  const filled = fillTexts(reply, values);
  return isComplete(filled) ? withoutBlankAccount(filled) : 'success';
}

/** An agent who is named nowhere is anyone. */
function withoutBlankAccount(reply: PassiveReply): PassiveReply {
  if (reply.msgType !== 'transfer_customer_service' || reply.kfAccount?.trim() !== '') return reply;
  return { msgType: reply.msgType };
}

function fillTexts<T>(value: T, values: TemplateValues): T {
  if (typeof value === 'string') return fillTemplate(value, values) as T;
  if (Array.isArray(value)) return value.map((entry: unknown) => fillTexts(entry, values)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      name === 'msgType' ? (entry as unknown) : fillTexts(entry as unknown, values),
    ]),
  ) as T;
}

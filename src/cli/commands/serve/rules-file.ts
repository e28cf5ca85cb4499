/** `--rules FILE` and `--reply FILE`: what people write down to be answered. A mistake is refused with its place. */
import { eventNames, messageTypes } from '../../../core/message/index.ts';
import { type Article, type PassiveReply, replyTypes } from '../../../core/reply/index.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Matcher, Rule, RuleReply } from '../../../server/rules.ts';
import { placeholdersOf } from '../../../server/template.ts';
import { createChecker, type Spot } from '../../files/json-checker.ts';
import { parseJsonTree } from '../../files/json-file.ts';

const ruleKeys = ['type', 'event', 'key', 'text', 'reply'] as const;

/**
 * Reads rules: `{"rules": [{"type", "event", "key", "text", "reply"}]}`, or the list alone. Throws an input error with
 * the place of the first mistake; the others follow as details.
 */
export function parseRulesFile(text: string, fileName: string): readonly Rule[] {
  const checker = createChecker(parseJsonTree(text, fileName), fileName);
  const root = checker.root;
  const list = root.isObject() ? root.members({ required: ['rules'], optional: ['$schema'] })['rules'] : root;
  const rules = list?.items('rules').map((item) => readRule(item)) ?? [];
  checker.finish();
  return rules.filter((rule) => rule !== undefined);
}

function readRule(spot: Spot): Rule | undefined {
  const members = spot.members({ required: ['reply'], optional: ruleKeys });
  const type = members['type']?.word();
  const event = members['event']?.word();
  checkType(members['type'], type, event);
  checkEvent(members['event'], event);
  const key = readMatcher(members['key']);
  const text = readMatcher(members['text']);
  if (text !== undefined && (event !== undefined || (type !== undefined && type !== 'text'))) {
    members['text']?.wrong({
      en: '"text" matches messages of type "text" only',
      zh: '“text”只用于匹配“text”类型的消息',
    });
  }
  const reply = members['reply'] === undefined ? undefined : readRuleReply(members['reply']);
  if (reply === undefined) return undefined;
  if (members['reply'] !== undefined) checkGroups(members['reply'], groupCount(key) + groupCount(text));
  return { reply, ...defined({ type, event, key, text }) };
}

function checkType(spot: Spot | undefined, type: string | undefined, event: string | undefined): void {
  if (type === undefined) return;
  if (!messageTypes.includes(type)) spot?.notOneOf(type, messageTypes);
  else if (event !== undefined && type !== 'event' && type !== 'device_event') {
    spot?.wrong({
      en: `"${type}" has no events: leave "type" out, or write "event"`,
      zh: `“${type}”没有事件：请去掉“type”，或写成“event”`,
    });
  }
}

/** New events appear all the time, so only a known one in other capitals is a mistake for sure. */
function checkEvent(spot: Spot | undefined, event: string | undefined): void {
  if (event === undefined || eventNames.includes(event)) return;
  const meant = eventNames.find((name) => name.toLowerCase() === event.toLowerCase());
  if (meant === undefined) return;
  spot?.wrong({
    en: `"${event}" must be "${meant}": capitals count`,
    zh: `“${event}”应为“${meant}”：区分大小写`,
  });
}

/** A text between slashes is a regular expression, as in JavaScript. */
function readMatcher(spot: Spot | undefined): Matcher | undefined {
  const text = spot?.word();
  if (text === undefined) return undefined;
  const pattern = /^\/(.+)\/([a-z]*)$/s.exec(text);
  if (pattern === null) return text;
  const [, source = '', flags = ''] = pattern;
  // With these two an expression remembers where it stopped, and would match every other message.
  if (/[gy]/.test(flags)) {
    spot?.wrong({
      en: `The flags "g" and "y" have no meaning here, got "${flags}"`,
      zh: `此处不能使用标志“g”和“y”，实际为“${flags}”`,
    });
    return undefined;
  }
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : '';
    spot?.wrong({ en: `Not a regular expression: ${why}`, zh: `不是合法的正则表达式：${why}` });
    return undefined;
  }
}

/** How many groups a pattern has: it always matches with an empty alternative. */
function groupCount(matcher: Matcher | undefined): number {
  if (!(matcher instanceof RegExp)) return 0;
  return (new RegExp(`${matcher.source}|`, matcher.flags).exec('')?.length ?? 1) - 1;
}

function checkGroups(spot: Spot, groups: number): void {
  for (const { at, text } of spot.texts()) {
    for (const name of placeholdersOf(text)) {
      if (!/^\d+$/.test(name) || Number(name) <= groups) continue;
      at.wrong({
        en: `"{{${name}}}" has no value: the patterns of this rule have ${groups} groups`,
        zh: `“{{${name}}}”没有值：此规则的正则表达式共有 ${groups} 个分组`,
      });
    }
  }
}

/** Reads one reply: an object or a text as in rules. Throws an input error with the place of the first mistake. */
export function parseReplyFile(text: string, fileName: string): RuleReply {
  const checker = createChecker(parseJsonTree(text, fileName), fileName);
  const reply = readRuleReply(checker.root);
  checker.finish();
  // Where nothing was wrong there is a reply.
  return reply ?? '';
}

/** Besides `type`: name in the file, name in our own types, whether it must be there. */
export type Field = readonly [name: string, property: string, required?: 'required'];

const media: Field = ['media_id', 'mediaId', 'required'];
const described: readonly Field[] = [
  ['title', 'title'],
  ['description', 'description'],
];
export const fieldsOf: Readonly<Record<PassiveReply['msgType'], readonly Field[]>> = {
  text: [['content', 'content', 'required']],
  image: [media],
  voice: [media],
  video: [media, ...described],
  music: [
    ['thumb_media_id', 'thumbMediaId', 'required'],
    ...described,
    ['music_url', 'musicUrl'],
    ['hq_music_url', 'hqMusicUrl'],
  ],
  news: [],
  transfer_customer_service: [['kf_account', 'kfAccount']],
  transfer_biz_ai_ivr: [],
};
export const articleFields: readonly Field[] = [
  ['title', 'title', 'required'],
  ['description', 'description'],
  ['pic_url', 'picUrl'],
  ['url', 'url', 'required'],
];
/** A later article would not be shown, or make the platform refuse all of them. */
export const maxArticles = 8;

/** `"echo"`, `"success"`, `"none"`, any other text, or `{"type": …}` with its fields. */
function readRuleReply(spot: Spot): RuleReply | undefined {
  if (spot.isText()) {
    const text = spot.word();
    if (text === undefined || text === 'echo' || text === 'success') return text;
    return text === 'none' ? '' : { msgType: 'text', content: text };
  }
  const type = spot.member('type');
  const found = type?.word();
  if (type === undefined || found === undefined) return undefined;
  const msgType = replyTypes.find((known) => known === found);
  if (msgType === undefined) {
    type.notOneOf(found, replyTypes);
    return undefined;
  }
  return msgType === 'news' ? readNews(spot) : readFields(spot, msgType);
}

function readFields(spot: Spot, msgType: Exclude<PassiveReply['msgType'], 'news'>): RuleReply {
  return { msgType, ...values(spot, fieldsOf[msgType], ['type']) } as PassiveReply;
}

function readNews(spot: Spot): RuleReply {
  const list = spot.members({ required: ['type', 'articles'], optional: [] })['articles'];
  const items = list?.items('articles') ?? [];
  if (list !== undefined && (items.length === 0 || items.length > maxArticles)) {
    list.wrong({
      en: `A news reply has 1 to ${maxArticles} articles, got ${items.length}`,
      zh: `图文回复应有 1 至 ${maxArticles} 条图文，实际为 ${items.length} 条`,
    });
  }
  const articles = items.map((item): Article => ({
    title: '',
    description: '',
    picUrl: '',
    url: '',
    ...values(item, articleFields, []),
  }));
  return { msgType: 'news', articles };
}

function values(
  spot: Spot,
  fields: readonly Field[],
  besides: readonly string[],
): Readonly<Record<string, string>> {
  const names = (wanted: boolean): readonly string[] =>
    fields.filter(([, , required]) => (required !== undefined) === wanted).map(([name]) => name);
  const members = spot.members({ required: names(true), optional: [...names(false), ...besides] });
  return Object.fromEntries(
    fields.flatMap(([name, property, required]) => {
      const text = required === undefined ? members[name]?.text() : members[name]?.word();
      return text === undefined ? [] : [[property, text] as const];
    }),
  );
}

/** 自动回复 as the web console would save them: what `POST /_ctl/autoreply` takes. */
import { inputError } from '../../../core/errors.ts';
import { isObject } from '../../../core/text/json-value.ts';
import type { Text } from '../../../core/text/text.ts';
import { quoteAll } from '../../control/input.ts';
import { mustBeOneOf } from '../../control/texts.ts';
import type {
  AutoReply,
  AutoReplyArticle,
  AutoReplyInfo,
  KeywordRule,
  NewsReply,
} from '../../control/types/index.ts';

/** As many as the console allows. */
const maxRules = 200;
const maxKeywords = 10;
const maxReplies = 5;
const maxArticles = 8;
const maxCharacters = 2000;

type Body = Readonly<Record<string, unknown>>;

/** Throws an input error that names the place. `nowSeconds` is for rules without a time of their own. */
export function parseAutoReplyInfo(body: Body, nowSeconds: number): AutoReplyInfo {
  checkFields(body, '', [
    'is_add_friend_reply_open',
    'is_autoreply_open',
    'add_friend_autoreply_info',
    'message_default_autoreply_info',
    'keyword_autoreply_info',
  ]);
  const { add_friend_autoreply_info: friend, message_default_autoreply_info: other } = body;
  const keyword = body['keyword_autoreply_info'];
  return {
    is_add_friend_reply_open: readSwitch(body, 'is_add_friend_reply_open', friend !== undefined),
    is_autoreply_open: readSwitch(body, 'is_autoreply_open', other !== undefined || keyword !== undefined),
    ...(friend !== undefined && {
      add_friend_autoreply_info: readReply(friend, 'add_friend_autoreply_info'),
    }),
    ...(other !== undefined && {
      message_default_autoreply_info: readReply(other, 'message_default_autoreply_info'),
    }),
    ...(keyword !== undefined && { keyword_autoreply_info: readRules(keyword, nowSeconds) }),
  };
}

/** Without a word about it: on where there is a reply. */
function readSwitch(body: Body, name: string, isGiven: boolean): 0 | 1 {
  const value = body[name] ?? (isGiven ? 1 : 0);
  if (value === 0 || value === 1) return value;
  return refuse({ en: `"${name}" must be 0 or 1`, zh: `“${name}”必须是 0 或 1` });
}

function readRules(value: unknown, nowSeconds: number): { readonly list: readonly KeywordRule[] } {
  const place = 'keyword_autoreply_info';
  checkFields(value, place, ['list']);
  const list = readList(value, place, 'list', 0, maxRules);
  return { list: list.map((rule, index) => readRule(rule, `${place}.list[${index}]`, nowSeconds)) };
}

function readRule(value: unknown, place: string, nowSeconds: number): KeywordRule {
  checkFields(value, place, [
    'rule_name',
    'create_time',
    'reply_mode',
    'keyword_list_info',
    'reply_list_info',
  ]);
  const time = value['create_time'] ?? nowSeconds;
  if (typeof time !== 'number' || !Number.isSafeInteger(time) || time < 0) {
    return refuse({
      en: `"${place}.create_time" must be a time in whole seconds`,
      zh: `“${place}.create_time”必须是以秒为单位的整数时间`,
    });
  }
  const keywords = readList(value, place, 'keyword_list_info', 1, maxKeywords);
  const replies = readList(value, place, 'reply_list_info', 1, maxReplies);
  return {
    rule_name: readText(value, place, 'rule_name'),
    create_time: time,
    reply_mode: readChoice(value, place, 'reply_mode', ['reply_all', 'random_one'], 'reply_all'),
    keyword_list_info: keywords.map((each, index) =>
      readKeyword(each, `${place}.keyword_list_info[${index}]`),
    ),
    reply_list_info: replies.map((each, index) => readRuleReply(each, `${place}.reply_list_info[${index}]`)),
  };
}

function readKeyword(value: unknown, place: string): KeywordRule['keyword_list_info'][number] {
  checkFields(value, place, ['type', 'match_mode', 'content']);
  return {
    type: readChoice(value, place, 'type', ['text'], 'text'),
    match_mode: readChoice(value, place, 'match_mode', ['contain', 'equal'], 'contain'),
    content: readText(value, place, 'content'),
  };
}

const replyTypes = ['text', 'img', 'voice', 'video'] as const;

function readReply(value: unknown, place: string): AutoReply {
  checkFields(value, place, ['type', 'content']);
  return {
    type: readChoice(value, place, 'type', replyTypes, 'text'),
    content: readText(value, place, 'content'),
  };
}

/** A rule can answer with articles, too. */
function readRuleReply(value: unknown, place: string): AutoReply | NewsReply {
  if (!isObject(value) || value['type'] !== 'news') return readReply(value, place);
  checkFields(value, place, ['type', 'content', 'news_info']);
  const news = value['news_info'];
  checkFields(news, `${place}.news_info`, ['list']);
  const list = readList(news, `${place}.news_info`, 'list', 1, maxArticles);
  return {
    type: 'news',
    ...(value['content'] !== undefined && { content: readText(value, place, 'content') }),
    news_info: {
      list: list.map((each, index) => readArticle(each, `${place}.news_info.list[${index}]`)),
    },
  };
}

function readArticle(value: unknown, place: string): AutoReplyArticle {
  const texts = ['author', 'digest', 'cover_url', 'content_url', 'source_url'] as const;
  checkFields(value, place, ['title', 'show_cover', ...texts]);
  const text = (name: (typeof texts)[number]): string =>
    value[name] === undefined || value[name] === '' ? '' : readText(value, place, name);
  return {
    title: readText(value, place, 'title'),
    author: text('author'),
    digest: text('digest'),
    show_cover: value['show_cover'] === 1 ? 1 : 0,
    cover_url: text('cover_url'),
    content_url: text('content_url'),
    source_url: text('source_url'),
  };
}

function checkFields(value: unknown, place: string, known: readonly string[]): asserts value is Body {
  const list = quoteAll(known);
  if (!isObject(value)) {
    refuse({
      en: `"${place}" must be an object with ${list.en}`,
      zh: `“${place}”必须是包含${list.zh}的对象`,
    });
  }
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const [en, zh] = place === '' ? ['', '请求体'] : [` in "${place}"`, `“${place}”中`];
  refuse({
    en: `Fields${en} must be ${list.en}, got "${unknown}"`,
    zh: `${zh}的字段只能是${list.zh}，收到的是“${unknown}”`,
  });
}

function readText(value: Body, place: string, name: string): string {
  const text = value[name];
  if (typeof text === 'string' && text !== '' && Array.from(text).length <= maxCharacters) return text;
  return refuse({
    en: `"${place}.${name}" must be a text of 1 to ${maxCharacters} characters`,
    zh: `“${place}.${name}”必须是 1 到 ${maxCharacters} 个字符的字符串`,
  });
}

function readList(value: Body, place: string, name: string, least: number, most: number): readonly unknown[] {
  const list = value[name];
  if (Array.isArray(list) && list.length >= least && list.length <= most) return list;
  return refuse({
    en: `"${place}.${name}" must be a list of ${least} to ${most} entries`,
    zh: `“${place}.${name}”必须是包含 ${least} 到 ${most} 项的数组`,
  });
}

function readChoice<Choice extends string>(
  value: Body,
  place: string,
  name: string,
  choices: readonly Choice[],
  usual: Choice,
): Choice {
  const given = value[name] ?? usual;
  const found = choices.find((choice) => choice === given);
  if (found !== undefined) return found;
  return refuse(mustBeOneOf(`${place}.${name}`, quoteAll(choices)));
}

function refuse(text: Text): never {
  throw inputError('invalid_autoreply', text);
}

/** The replies that people write into files: words, texts, and objects with the fields of a passive reply. */
import { type Article, type PassiveReply, replyTypes } from '../../../core/reply/index.ts';
import type { RuleReply } from '../../../server/rules.ts';
import type { Spot } from '../../files/json-checker.ts';

/** Besides `type`: name in the file, name in our own types, whether it must be there. */
type Field = readonly [name: string, property: string, required?: 'required'];

const media: Field = ['media_id', 'mediaId', 'required'];
const described: readonly Field[] = [
  ['title', 'title'],
  ['description', 'description'],
];
const fieldsOf: Readonly<Record<PassiveReply['msgType'], readonly Field[]>> = {
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
const articleFields: readonly Field[] = [
  ['title', 'title', 'required'],
  ['description', 'description'],
  ['pic_url', 'picUrl'],
  ['url', 'url', 'required'],
];
/** A later article would not be shown, or make the platform refuse all of them. */
const maxArticles = 8;

/** `"echo"`, `"success"`, `"none"`, any other text, or `{"type": …}` with its fields. */
export function readRuleReply(spot: Spot): RuleReply | undefined {
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

/** 图文分析: an account that sends one article a day, who reads it during its first week, and who shares it. */
import { formatDate } from './calendar.ts';
import { spread, type Draw } from './draw.ts';

/** Where readers come from: user_source, the name in getarticletotal, scene_desc, and how many of a hundred. */
export const readSources = [
  { id: 0, name: 'session', scene: '公众号会话', weight: 54 },
  { id: 1, name: 'friends', scene: '聊天会话', weight: 14 },
  { id: 2, name: 'feed', scene: '朋友圈', weight: 16 },
  { id: 4, name: 'hist_msg', scene: '公众号主页', weight: 6 },
  { id: 5, name: 'other', scene: '其它', weight: 4 },
  { id: 6, name: 'other', scene: '推荐', weight: 4 },
  { id: 7, name: 'other', scene: '搜一搜', weight: 2 },
] as const;
/** share_scene: 好友转发, 朋友圈, 其他. */
export const shareScenes = [
  { id: 1, weight: 62 },
  { id: 2, weight: 34 },
  { id: 255, weight: 4 },
] as const;

/** People and how often they did it; nobody is counted who did it less than once. */
export interface Deeds {
  readonly users: number;
  readonly count: number;
}

/** What became of one article, or of several, in some days. */
export interface Reading {
  /** In the order of `readSources`. */
  readonly bySource: readonly Deeds[];
  /** In the order of `shareScenes`. */
  readonly byScene: readonly Deeds[];
  /** The page behind 阅读原文. */
  readonly original: Deeds;
  readonly favourites: Deeds;
  /** 在看（爱心赞）, 点赞 and 留言. */
  readonly wows: number;
  readonly likes: number;
  readonly comments: number;
}

export interface Article {
  readonly day: number;
  /** `msg_data_id` and the place in the message. */
  readonly msgId: string;
  readonly title: string;
  readonly url: string;
  readonly targets: number;
}

/** After a week the platform counts no further. */
const countedDays = 7;
/** How many of a hundred readers come on each day. */
const decay = [64, 18, 7, 5, 3, 2, 1];
const titles = ['本周精选', '新品上架', '使用指南', '读者来信', '活动预告', '幕后故事', '常见问题解答'];

export function articleOf(draw: Draw, day: number): Article {
  const title = titles[Math.floor(draw('title', day) * titles.length)] ?? '';
  return {
    day,
    msgId: `${2_247_000_000 + day}_1`,
    title: `${title}（${formatDate(day)}）`,
    url: `http://mp.weixin.qq.com/s?__biz=SIMULATED&mid=${2_247_000_000 + day}&idx=1`,
    targets: Math.floor(3000 + 9000 * draw('article targets')),
  };
}

/** The articles that are still counted on a day, the oldest first. */
export function articlesReadOn(draw: Draw, day: number): readonly Article[] {
  return Array.from({ length: countedDays }, (_, index) => articleOf(draw, day - countedDays + 1 + index));
}

/** The days on which an article is counted, up to `last`. */
export function countedDaysOf({ day }: Article, last: number): readonly number[] {
  const length = Math.min(countedDays, last - day + 1);
  return Array.from({ length: Math.max(0, length) }, (_, age) => day + age);
}

export function readingOn(draw: Draw, article: Article, day: number): Reading {
  const chance = (what: string): number => draw(what, article.day, day);
  const liveliness = (decay[day - article.day] ?? 0) / 100;
  const readers = Math.round(article.targets * (0.06 + 0.12 * draw('interest', article.day)) * liveliness);
  const some = (share: number, what: string): number => Math.floor(readers * share * (0.5 + chance(what)));
  const often = (users: number, what: string): Deeds => ({
    users,
    count: users + Math.floor(users * 0.3 * chance(what)),
  });
  const spreadDeeds = (users: number, over: readonly { readonly weight: number }[], what: string): Deeds[] =>
    spread(
      users,
      over.map(({ weight }) => weight),
    ).map((part, index) => often(part, `${what} ${index}`));
  return {
    bySource: spreadDeeds(readers, readSources, 'read'),
    byScene: spreadDeeds(some(0.04, 'sharers'), shareScenes, 'share'),
    original: often(some(0.02, 'original'), 'original again'),
    favourites: often(some(0.01, 'favourites'), 'favourites again'),
    wows: some(0.008, 'wows'),
    likes: some(0.02, 'likes'),
    comments: some(0.003, 'comments'),
  };
}

/** Several together. Whoever reads two articles, or on two days, is two readers: the platform knows better, these figures do not. */
export function addReadings(readings: readonly Reading[]): Reading {
  const sum = (numberOf: (reading: Reading) => number): number =>
    readings.reduce((all, reading) => all + numberOf(reading), 0);
  const deeds = (deedsOf: (reading: Reading) => Deeds | undefined): Deeds => ({
    users: sum((reading) => deedsOf(reading)?.users ?? 0),
    count: sum((reading) => deedsOf(reading)?.count ?? 0),
  });
  return {
    bySource: readSources.map((_, index) => deeds(({ bySource }) => bySource[index])),
    byScene: shareScenes.map((_, index) => deeds(({ byScene }) => byScene[index])),
    original: deeds(({ original }) => original),
    favourites: deeds(({ favourites }) => favourites),
    wows: sum(({ wows }) => wows),
    likes: sum(({ likes }) => likes),
    comments: sum(({ comments }) => comments),
  };
}

export function addDeeds(deeds: readonly Deeds[]): Deeds {
  return {
    users: deeds.reduce((all, { users }) => all + users, 0),
    count: deeds.reduce((all, { count }) => all + count, 0),
  };
}

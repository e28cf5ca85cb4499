/** 图文分析 as the newer calls answer it (getarticleread, getarticleshare, getbizsummary, getarticletotaldetail). */
import {
  addDeeds,
  addReadings,
  articleOf,
  articlesReadOn,
  countedDaysOf,
  readingOn,
  readSources,
  type Deeds,
  type Reading,
} from './article-figures.ts';
import { formatDate } from './calendar.ts';
import type { Draw } from './draw.ts';

export function articleRead(draw: Draw, day: number): readonly unknown[] {
  return detailsOf(draw, day, readers, ({ bySource }) => addDeeds(bySource));
}

export function articleShare(draw: Draw, day: number): readonly unknown[] {
  return detailsOf(draw, day, sharers, ({ byScene }) => addDeeds(byScene));
}

/** `getbizsummary`: everything of the account together. */
export function bizSummary(draw: Draw, day: number): readonly unknown[] {
  const reading = addReadings(articlesReadOn(draw, day).map((article) => readingOn(draw, article, day)));
  // One article a day is sent.
  return [{ ref_date: formatDate(day), detail: { ...interactions(reading), send_page_count: 1 } }];
}

/** `getarticletotaldetail`: the article of that day, with how far it had come at the end of each day since. */
export function articleTotalDetail(draw: Draw, day: number, last: number): readonly unknown[] {
  const article = articleOf(draw, day);
  const days = countedDaysOf(article, last);
  const details = days.map((stat, index) => {
    const reading = addReadings(days.slice(0, index + 1).map((each) => readingOn(draw, article, each)));
    return {
      stat_date: formatDate(stat),
      ...interactions(reading),
      send_page_count: 1,
      ...habits(draw, day, reading),
    };
  });
  return [
    {
      ref_date: formatDate(day),
      msgid: article.msgId,
      publish_type: 1,
      title: article.title,
      content_url: article.url,
      detail_list: details,
    },
  ];
}

/** The articles with which that was done at all on that day. */
function detailsOf(
  draw: Draw,
  day: number,
  describe: (reading: Reading) => Readonly<Record<string, unknown>>,
  deedsOf: (reading: Reading) => Deeds,
): readonly unknown[] {
  return articlesReadOn(draw, day).flatMap((article) => {
    const reading = readingOn(draw, article, day);
    const row = { ref_date: formatDate(day), msgid: article.msgId, detail: describe(reading) };
    return deedsOf(reading).count === 0 ? [] : [row];
  });
}

function readers({ bySource }: Reading): Readonly<Record<string, unknown>> {
  const all = addDeeds(bySource).users;
  const sources = readSources.map(({ scene }, index) => ({
    user_count: bySource[index]?.users ?? 0,
    scene_desc: scene,
  }));
  return { read_user: all, read_user_source: [{ user_count: all, scene_desc: '全部' }, ...sources] };
}

function sharers({ byScene }: Reading): Readonly<Record<string, unknown>> {
  return { share_user: addDeeds(byScene).users };
}

function interactions(reading: Reading): Readonly<Record<string, unknown>> {
  return {
    ...readers(reading),
    ...sharers(reading),
    zaikan_user: reading.wows,
    like_user: reading.likes,
    comment_count: reading.comments,
    collection_user: reading.favourites.users,
    redirect_ori_page_user: reading.original.users,
  };
}

/** How an article is read: rates from 0 to 1, seconds, and where readers stop. */
function habits(draw: Draw, day: number, { bySource }: Reading): Readonly<Record<string, unknown>> {
  const finished = round(0.35 + 0.3 * draw('finished', day));
  const jumps = [0.4, 0.25, 0.15, 0.12, 0.08].map((share) => round((1 - finished) * share));
  return {
    praise_money: 0,
    read_subscribe_user: Math.floor(addDeeds(bySource).users * 0.004),
    read_delivery_rate: round(addDeeds(bySource.slice(0, 1)).users / articleOf(draw, day).targets),
    read_finish_rate: finished,
    read_avg_activetime: round(30 + 60 * draw('attention', day)),
    read_jump_position: jumps.map((rate, index) => ({ position: index + 1, rate })),
  };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** 图文分析 as the calls that are being retired answer it (getarticlesummary … getusersharehour). */
import {
  addDeeds,
  addReadings,
  articleOf,
  articlesReadOn,
  countedDaysOf,
  readingOn,
  readSources,
  shareScenes,
  type Deeds,
  type Reading,
} from './article-figures.ts';
import { formatDate } from './calendar.ts';
import { hourWeights, refHour, spread, type Draw } from './draw.ts';

const allSources = 99_999_999;
const none: Deeds = { users: 0, count: 0 };

/** `getarticlesummary`: what was read that day, by article. */
export function articleSummary(draw: Draw, day: number): readonly unknown[] {
  return articlesReadOn(draw, day).flatMap((article) => {
    const figures = pageFigures(readingOn(draw, article, day));
    const { msgId, title } = article;
    // Quirk: an article with less than three deeds in all is left out.
    return sumOf(figures) < 3 ? [] : [{ ref_date: formatDate(day), msgid: msgId, title, ...figures }];
  });
}

/** `getarticletotal`: the article of that day, with how far it had come at the end of each day since. */
export function articleTotal(draw: Draw, day: number, last: number): readonly unknown[] {
  const article = articleOf(draw, day);
  const days = countedDaysOf(article, last);
  const details = days.map((stat, index) => {
    const reading = addReadings(days.slice(0, index + 1).map((each) => readingOn(draw, article, each)));
    return {
      stat_date: formatDate(stat),
      target_user: article.targets,
      ...pageFigures(reading),
      ...sourceFigures(reading),
      ...feedFigures(reading),
    };
  });
  return [{ ref_date: formatDate(day), msgid: article.msgId, title: article.title, details }];
}

/** `getuserread`: all sources together, then each. */
export function userRead(draw: Draw, day: number): readonly unknown[] {
  return rowsBySource({ ref_date: formatDate(day) }, readingOfDay(draw, day));
}

/** `getuserreadhour`: the same, hour by hour. */
export function userReadByHour(draw: Draw, day: number): readonly unknown[] {
  return splitByHour(readingOfDay(draw, day)).flatMap((reading, hour) =>
    rowsBySource({ ref_date: formatDate(day), ref_hour: refHour(hour) }, reading),
  );
}

export function userShare(draw: Draw, day: number): readonly unknown[] {
  return rowsByScene({ ref_date: formatDate(day) }, readingOfDay(draw, day));
}

export function userShareByHour(draw: Draw, day: number): readonly unknown[] {
  return splitByHour(readingOfDay(draw, day)).flatMap((reading, hour) =>
    rowsByScene({ ref_date: formatDate(day), ref_hour: refHour(hour) }, reading),
  );
}

function readingOfDay(draw: Draw, day: number): Reading {
  return addReadings(articlesReadOn(draw, day).map((article) => readingOn(draw, article, day)));
}

function rowsBySource(date: object, reading: Reading): readonly unknown[] {
  const sharers = spread(addDeeds(reading.byScene).users, weights);
  const shares = spread(addDeeds(reading.byScene).count, weights);
  const rows = reading.bySource.flatMap((read, index) => {
    const share = { users: Math.min(sharers[index] ?? 0, shares[index] ?? 0), count: shares[index] ?? 0 };
    // Quirk: the original page and favourites are told for all sources together only.
    const figures = writePage(read, none, share, none);
    return sumOf(figures) === 0 ? [] : [{ ...date, user_source: readSources[index]?.id, ...figures }];
  });
  return rows.length === 0 ? [] : [{ ...date, user_source: allSources, ...pageFigures(reading) }, ...rows];
}

const weights = readSources.map(({ weight }) => weight);

function rowsByScene(date: object, { byScene }: Reading): readonly unknown[] {
  return byScene.flatMap(({ users, count }, index) =>
    count === 0
      ? []
      : [{ ...date, share_scene: shareScenes[index]?.id, share_count: count, share_user: users }],
  );
}

function splitDeeds({ users, count }: Deeds): readonly Deeds[] {
  return spread(count, hourWeights).map((part) => ({
    count: part,
    users: count === 0 ? 0 : Math.ceil((part * users) / count),
  }));
}

/** The reading of a day over its hours: how often adds up exactly; who comes in two hours is counted in both. */
function splitByHour(reading: Reading): readonly Reading[] {
  const bySource = reading.bySource.map(splitDeeds);
  const byScene = reading.byScene.map(splitDeeds);
  const [original, favourites] = [splitDeeds(reading.original), splitDeeds(reading.favourites)];
  return hourWeights.map((_, hour) => ({
    ...reading,
    bySource: bySource.map((hours) => hours[hour] ?? none),
    byScene: byScene.map((hours) => hours[hour] ?? none),
    original: original[hour] ?? none,
    favourites: favourites[hour] ?? none,
  }));
}

function pageFigures({ bySource, byScene, original, favourites }: Reading): Record<string, number> {
  return writePage(addDeeds(bySource), original, addDeeds(byScene), favourites);
}

function writePage(read: Deeds, original: Deeds, share: Deeds, favourites: Deeds): Record<string, number> {
  return {
    int_page_read_user: read.users,
    int_page_read_count: read.count,
    ori_page_read_user: original.users,
    ori_page_read_count: original.count,
    share_user: share.users,
    share_count: share.count,
    add_to_fav_user: favourites.users,
    add_to_fav_count: favourites.count,
  };
}

/** `int_page_from_…`: several sources may share a name. */
function sourceFigures({ bySource }: Reading): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [index, { name }] of readSources.entries()) {
    const { users, count } = bySource[index] ?? none;
    const key = `int_page_from_${name}_read`;
    figures[`${key}_user`] = (figures[`${key}_user`] ?? 0) + users;
    figures[`${key}_count`] = (figures[`${key}_count`] ?? 0) + count;
  }
  return figures;
}

/** `feed_share_from_…`: where those had read it who shared it with their friends circle (朋友圈). */
function feedFigures({ byScene }: Reading): Record<string, number> {
  const { users, count } = byScene[1] ?? none;
  const [sharers, shares] = [spread(users, feedWeights), spread(count, feedWeights)];
  return Object.fromEntries(
    ['session', 'feed', 'other'].flatMap((name, index) => [
      [`feed_share_from_${name}_user`, Math.min(sharers[index] ?? 0, shares[index] ?? 0)],
      [`feed_share_from_${name}_cnt`, shares[index] ?? 0],
    ]),
  );
}

const feedWeights = [76, 20, 4];

function sumOf(figures: Readonly<Record<string, number>>): number {
  return Object.values(figures).reduce((all, each) => all + each, 0);
}

/** 留言: what people write under articles, what the account does with it, and whether an article takes any. */
import type { Clock } from '../../../io/ports.ts';
import { Refusal } from '../../server/refusal.ts';

/** The platform names no number; this is the simulator's, and the oldest go first. */
const keptComments = 10_000;
/** Of one article. Unverified: the calls name no number, WeChat's help pages told this one. */
export const maxElected = 100;
/** No page names it; far above what a phone sends. */
const maxReplyCharacters = 20_000;

/** An article that has come out: `<msg_data_id>:<index>`. */
export type ArticleKey = `${string}:${number}`;

export interface Comment {
  readonly id: number;
  readonly article: ArticleKey;
  readonly openId: string;
  readonly atMs: number;
  readonly content: string;
  readonly isElected: boolean;
  readonly reply?: { readonly content: string; readonly atMs: number } | undefined;
  /** By whoever wrote it. */
  readonly isTakenBack?: boolean;
}

export interface SavedComments {
  readonly list: readonly Comment[];
  readonly lastId: number;
  /** What comment/open and comment/close have changed; else the article's own flag is in force. */
  readonly switched: readonly (readonly [ArticleKey, boolean])[];
}

export function createComments(clock: Clock) {
  let list: readonly Comment[] = [];
  let lastId = 0;
  const switched = new Map<ArticleKey, boolean>();

  const seen = (article: ArticleKey): readonly Comment[] =>
    list.filter((each) => each.article === article && each.isTakenBack !== true);
  const find = (article: ArticleKey, id: number | undefined): Comment =>
    seen(article).find((each) => each.id === id) ?? missing(88008);
  const change = (comment: Comment, changed: Partial<Comment>): void => {
    list = list.map((each) => (each === comment ? { ...each, ...changed } : each));
  };

  return {
    save: (): SavedComments => ({ list, lastId, switched: [...switched] }),
    restore(saved: SavedComments): void {
      ({ list, lastId } = saved);
      switched.clear();
      for (const [article, isOpen] of saved.switched) switched.set(article, isOpen);
    },
    /** Whether the article takes comments; `undefined` where nobody has switched it since it came out. */
    switchedTo: (article: ArticleKey): boolean | undefined => switched.get(article),
    switch: (article: ArticleKey, isOpen: boolean): void => void switched.set(article, isOpen),
    write(article: ArticleKey, openId: string, content: string): Comment {
      lastId += 1;
      const comment = { id: lastId, article, openId, atMs: clock.now(), content, isElected: false };
      list = [...list, comment].slice(-keptComments);
      return comment;
    },
    /** Somebody deletes what they wrote; `false` where it is not theirs. */
    takeBack(openId: string, id: number): boolean {
      const found = list.find(
        (each) => each.id === id && each.openId === openId && each.isTakenBack !== true,
      );
      if (found !== undefined) change(found, { isTakenBack: true });
      return found !== undefined;
    },
    /** Newest first. */
    of: (article: ArticleKey): readonly Comment[] => seen(article).toReversed(),
    /** 精选. Throws 88004 for one that its writer has deleted, 88003 for one too many, and 88008. */
    elect(article: ArticleKey, id: number | undefined): void {
      if (list.some((each) => isOf(each, article, id) && each.isTakenBack === true)) throw new Refusal(88004);
      const comment = find(article, id);
      const elected = seen(article).filter((each) => each !== comment && each.isElected);
      if (elected.length >= maxElected) throw new Refusal(88003);
      change(comment, { isElected: true });
    },
    /** Throws 88008. */
    unelect: (article: ArticleKey, id: number | undefined) => change(find(article, id), { isElected: false }),
    /** Throws 88008. */
    delete(article: ArticleKey, id: number | undefined): void {
      const gone = find(article, id);
      list = list.filter((each) => each !== gone);
    },
    /** Throws 88008, 88005 for a second reply, and 88007 for words that are none or too long. */
    reply(article: ArticleKey, id: number | undefined, content: unknown): void {
      const comment = find(article, id);
      if (comment.reply !== undefined) throw new Refusal(88005);
      change(comment, { reply: { content: checkReply(content), atMs: clock.now() } });
    },
    /** Throws 88008 and 88009. */
    deleteReply(article: ArticleKey, id: number | undefined): void {
      const comment = find(article, id);
      if (comment.reply === undefined) throw new Refusal(88009);
      change(comment, { reply: undefined });
    },
  };
}

function isOf(comment: Comment, article: ArticleKey, id: number | undefined): boolean {
  return comment.article === article && comment.id === id;
}

function missing(errcode: number): never {
  throw new Refusal(errcode);
}

/** Throws 88007. */
function checkReply(content: unknown): string {
  const isGood = typeof content === 'string' && content !== '' && content.length <= maxReplyCharacters;
  return isGood ? content : missing(88007);
}

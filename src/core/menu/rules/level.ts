import { maxNameBytes, shownCharacters } from '../limits.ts';
import type { MenuProblem } from './problem.ts';

/** What differs between the two levels. The second code of a pair is what a newer page lists. */
export interface Level {
  readonly isTop: boolean;
  readonly nameBytes: number;
  /** Columns that the app shows before it writes "…"; a Chinese character takes two. */
  readonly nameColumns: number;
  readonly name: Codes;
  readonly type: Codes;
  readonly key: Codes;
  readonly url: Codes;
  readonly domain: Codes;
}
export type Codes = Pick<MenuProblem, 'alternative'> & { readonly errcode: number };

export const top: Level = {
  isTop: true,
  nameBytes: maxNameBytes.top,
  nameColumns: 2 * shownCharacters.top,
  name: { errcode: 40018 },
  type: { errcode: 40017 },
  key: { errcode: 40019 },
  url: { errcode: 40020 },
  domain: { errcode: 40055 },
};

/** Quirk: the table of return codes has codes of its own for the second level; the page of menu/create lists some only. */
export const second: Level = {
  isTop: false,
  nameBytes: maxNameBytes.second,
  nameColumns: 2 * shownCharacters.second,
  name: { errcode: 40025, alternative: 40018 },
  type: { errcode: 40024, alternative: 40017 },
  key: { errcode: 40026, alternative: 40019 },
  url: { errcode: 40027, alternative: 40020 },
  domain: { errcode: 40054, alternative: 40055 },
};

import type { Text } from '../../text/text.ts';

/** The rules by name. Scripts may rely on the names. */
export const menuRules = [
  // The file
  'json-duplicate-key',
  'reserved-key',
  'nesting',
  'escaped-character',
  'menu-object',
  'unknown-key',
  // The two levels
  'button-list',
  'button-count',
  'button-object',
  'sub-button-list',
  'sub-button-count',
  'menu-level',
  // Names
  'name-missing',
  'name-blank',
  'name-bytes',
  'name-shown',
  'name-duplicate',
  // Types
  'type-missing',
  'type-unknown',
  'type-case',
  'type-blank',
  'type-web-only',
  'type-retired',
  'sub-button-beside-type',
  // Texts
  'text-expected',
  'invisible-character',
  'blank-at-edge',
  // What a type needs
  'key-missing',
  'url-missing',
  'media-id-missing',
  'article-id-missing',
  'appid-missing',
  'pagepath-missing',
  'field-unused',
  'key-bytes',
  'key-duplicate',
  'url-bytes',
  'url-scheme',
  'url-entity',
  'url-blank',
  'url-http',
  'url-private',
  'authorize-link',
  'authorize-appid',
  'appid-form',
  // Conditional menus
  'conditional-list',
  'conditional-without-default',
  'match-rule-place',
  'match-rule-empty',
  'match-rule-private',
  'match-rule-old',
  'match-rule-duplicate',
  'match-field-empty',
  'match-number',
  'match-tag',
  'match-platform',
  'domain-count',
] as const;
export type MenuRule = (typeof menuRules)[number];

/** Something wrong with a menu file. */
export interface MenuProblem {
  readonly rule: MenuRule;
  /** A notice is worth knowing and wrong nowhere: `--strict` passes it. */
  readonly severity: 'error' | 'warning' | 'notice';
  /** JSON pointer into the value that was validated. */
  readonly path: string;
  /** The name at `path` is what is wrong, rather than the value there. */
  readonly at?: 'key';
  /** What the platform answers. Errors have one, but for `match-rule-place`, which is a refusal of our own. */
  readonly errcode?: number;
  /** Another code that the documentation gives for the same mistake; which one comes is not settled. */
  readonly alternative?: number;
  readonly say: Say;
  /** For "did you mean": what stands there, and what may stand there. */
  readonly choices?: { readonly given: string; readonly known: readonly string[] };
}

/** What is said of a problem, and what to do about it. */
export interface Said {
  readonly text: Text;
  readonly hint?: Text;
}

/** Picks the words, which stand in `texts.ts`. Most menus have no problems, so that file is loaded by who tells them. */
export type Say = (say: typeof import('./texts.ts')) => Said;

type Particulars = Pick<MenuProblem, 'at' | 'errcode' | 'alternative' | 'choices'>;

export function menuError(rule: MenuRule, path: string, say: Say, more: Particulars = {}): MenuProblem {
  return { rule, severity: 'error', path, ...more, say };
}

export function menuWarning(rule: MenuRule, path: string, say: Say, more: Particulars = {}): MenuProblem {
  return { rule, severity: 'warning', path, ...more, say };
}

/** A JSON pointer of a parent and a name or position in it. */
export function pointer(parent: string, name: string | number): string {
  return `${parent}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

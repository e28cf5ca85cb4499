import { isObject, own } from '../../text/json-value.ts';
import { normaliseMatchRule } from '../menu.ts';
import { matchFields, platformTypes, privateMatchFields, tagId } from '../limits.ts';
import { menuError, menuWarning, pointer, type MenuProblem, type Say } from './problem.ts';

/** Checks the match rule of a conditional menu（个性化菜单）at this path. */
export function checkMatchRule(menu: unknown, base: string): MenuProblem[] {
  const rule = own(menu, 'matchrule');
  const path = pointer(base, 'matchrule');
  if (!isObject(rule)) return [emptyRule(rule === undefined ? base : path)];
  const exists = own(menu, 'menuid') !== undefined;
  const fields = Object.entries(rule).flatMap(([name, value]) =>
    checkMatchField(name, value, pointer(path, name), exists),
  );
  // Quirk: a field may be empty, but not all of them; one that the platform does not know is as good as none.
  const counts = Object.entries(rule).some(([name, value]) => knownFields.includes(name) && isFilled(value));
  return counts
    ? fields
    : [emptyRule(path), ...fields.filter(({ rule: name }) => name !== 'match-field-empty')];
}

const knownFields: readonly string[] = [...matchFields, 'group_id', ...privateMatchFields];

function isFilled(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

function emptyRule(path: string): MenuProblem {
  return menuError('match-rule-empty', path, (say) => say.ruleEmpty, { errcode: 65304 });
}

function checkMatchField(name: string, value: unknown, path: string, exists: boolean): MenuProblem[] {
  if (value === '' && knownFields.includes(name))
    return [menuWarning('match-field-empty', path, (say) => say.fieldEmpty(name), { at: 'key' })];
  if (privateMatchFields.includes(name)) return [privateField(name, path, exists)];
  if (name === 'group_id') return [menuWarning('match-rule-old', path, (say) => say.groupId, { at: 'key' })];
  if (name === 'tag_id') return checkNumeral(value, path, wrongTag);
  if (name === 'client_platform_type') return checkNumeral(value, path, wrongPlatform);
  const choices = { given: name, known: matchFields };
  return [
    menuWarning('unknown-key', path, (say) => say.unknownKey('matchrule', name), { at: 'key', choices }),
  ];
}

/** Quirk: menus that were made with such a rule are still listed. They may stay in a file that menu/get wrote. */
function privateField(name: string, path: string, exists: boolean): MenuProblem {
  const more = { at: 'key', errcode: 65320 } as const;
  return exists
    ? menuWarning('match-rule-private', path, (say) => say.fieldPast(name), more)
    : menuError('match-rule-private', path, (say) => say.fieldPrivate(name), more);
}

/** What is said of a value that no follower can meet, or that is a number where a text belongs. */
interface NumeralRule {
  readonly accepts: (text: string) => boolean;
  readonly rule: MenuProblem['rule'];
  readonly errcode: number;
  readonly say: Say;
}

/** Quirk: which code a malformed value gets is not documented; these two name the mistake best. */
const wrongTag: NumeralRule = {
  accepts: (text) => tagId.test(text),
  rule: 'match-tag',
  errcode: 45159,
  say: (say) => say.wrongTag,
};

const wrongPlatform: NumeralRule = {
  accepts: (text) => platformTypes.includes(text),
  rule: 'match-platform',
  errcode: 40035,
  say: (say) => say.wrongPlatform,
};

/** Quirk: menu/get answers these as numbers, and nobody says whether a number is taken back; so that only warns. */
function checkNumeral(value: unknown, path: string, wanted: NumeralRule): MenuProblem[] {
  const { accepts, rule, errcode } = wanted;
  if (typeof value === 'string' && accepts(value)) return [];
  if (typeof value !== 'number' || !accepts(String(value)))
    return [menuError(rule, path, wanted.say, { errcode })];
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [menuWarning('match-number', path, (say) => say.numberForText(name, value))];
}

/** Warns of rules that occur twice: matching goes from the newest menu to the oldest, so the older one is never shown. */
export function checkRepeatedRules(menus: readonly unknown[], base: string): MenuProblem[] {
  const seen = new Set<string>();
  return menus.flatMap((menu, index): MenuProblem[] => {
    const rule = normaliseMatchRule(own(menu, 'matchrule'));
    const id = JSON.stringify(rule);
    if (Object.keys(rule).length === 0) return [];
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    const place = pointer(pointer(base, index), 'matchrule');
    return [menuWarning('match-rule-duplicate', place, (say) => say.ruleRepeated)];
  });
}

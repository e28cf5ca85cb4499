/** The type of a button, and the fields that its type has. */
import { own } from '../../text/json-value.ts';
import { excerpt } from '../../text/sanitise.ts';
import { maxKeyBytes, maxUrlBytes, miniProgramAppId } from '../limits.ts';
import { allFields, buttonFields, isButtonType, type ButtonField, type ButtonType } from '../menu.ts';
import { withoutBlanks } from './blanks.ts';
import type { Codes, Level } from './level.ts';
import { menuError, menuWarning, pointer, type MenuProblem, type MenuRule } from './problem.ts';
import { checkUrl } from './url.ts';

/** Types that only the web console can make; get_current_selfmenu_info answers them, with these fields of their own. */
const webTypes: readonly string[] = ['text', 'img', 'photo', 'video', 'voice', 'news'];
const webFields: readonly string[] = ['value', 'news_info'];

/** What is wrong with a type that no button has. */
export function wrongType(given: string, path: string, level: Level): MenuProblem {
  const place = pointer(path, 'type');
  const type = excerpt(given, 60);
  if (webTypes.includes(given))
    return menuError('type-web-only', place, (say) => say.typeWebOnly(type), level.type);
  const lower = given.toLowerCase();
  if (isButtonType(lower))
    return menuError('type-case', place, (say) => say.typeCase(type, lower), level.type);
  const bare = withoutBlanks(given);
  if (isButtonType(bare)) return menuError('type-blank', place, (say) => say.typeBlank(bare), level.type);
  const known = Object.keys(buttonFields);
  const choices = { given, known };
  return menuError('type-unknown', place, (say) => say.typeUnknown(type, known), { ...level.type, choices });
}

/** Checks the fields that a type requires, in the order of its table row. */
export function checkFields(
  button: unknown,
  type: ButtonType,
  path: string,
  level: Level,
  ownAppId?: () => string | undefined,
): MenuProblem[] {
  const required: readonly ButtonField[] = buttonFields[type];
  const problems = required.flatMap((field) => {
    const [value, place] = [own(button, field), pointer(path, field)];
    const codes = missingCodes[field](level);
    if (typeof value === 'number')
      return [menuError('text-expected', place, (say) => say.numberForText(field, value), codes)];
    if (typeof value === 'string' && value !== '') return checkField(value, field, place, level, ownAppId);
    const at = value === undefined ? path : place;
    return [menuError(missingRules[field], at, (say) => say.fieldMissing(type, field), codes)];
  });
  // Quirk: since drafts were introduced there is no article material that view_limited could open.
  if (type === 'view_limited')
    problems.push(menuWarning('type-retired', pointer(path, 'type'), (say) => say.typeRetired));
  return problems;
}

function checkField(
  value: string,
  field: ButtonField,
  path: string,
  level: Level,
  ownAppId?: () => string | undefined,
): MenuProblem[] {
  if (field === 'key') return tooManyBytes('key', value, maxKeyBytes, path, level.key);
  if (field === 'appid') return checkAppId(value, path);
  if (field !== 'url') return [];
  const tooLong = tooManyBytes('url', value, maxUrlBytes, path, level.url);
  return tooLong.length > 0 ? tooLong : checkUrl(value, path, level, ownAppId);
}

const missingRules: Readonly<Record<ButtonField, MenuRule>> = {
  key: 'key-missing',
  url: 'url-missing',
  media_id: 'media-id-missing',
  article_id: 'article-id-missing',
  appid: 'appid-missing',
  pagepath: 'pagepath-missing',
};

/** Quirk: for a mini program's `appid` and `pagepath` no code is documented; the general ones fit best. */
const missingCodes: Readonly<Record<ButtonField, (level: Level) => Codes>> = {
  key: (level) => level.key,
  url: (level) => level.url,
  media_id: (level) => ({ errcode: 40007, alternative: level.isTop ? 40117 : 40118 }),
  article_id: () => ({ errcode: 53600 }),
  appid: () => ({ errcode: 40013 }),
  pagepath: () => ({ errcode: 40035 }),
};

function tooManyBytes(
  field: 'key' | 'url',
  value: string,
  max: number,
  path: string,
  codes: Codes,
): MenuProblem[] {
  const bytes = Buffer.byteLength(value);
  return bytes <= max
    ? []
    : [menuError(`${field}-bytes`, path, (say) => say.fieldBytes(field, bytes, max), codes)];
}

/** The form of an AppID was observed, not documented, so this only warns. */
function checkAppId(appId: string, path: string): MenuProblem[] {
  if (miniProgramAppId.test(appId)) return [];
  const lower = appId.toLowerCase();
  const meant = miniProgramAppId.test(lower) ? lower : undefined;
  return [menuWarning('appid-form', path, (say) => say.appIdForm(meant))];
}

/** Keys of buttons, whatever their type. */
const buttonKeys: readonly string[] = ['name', 'type', 'sub_button', ...allFields];

/** Warns of keys that no button has, and of those that this button does not use. */
export function checkKeys(button: Readonly<Record<string, unknown>>, path: string): MenuProblem[] {
  const type = own(button, 'type');
  // What the web console made is reported by its type, so its fields need not be.
  const isFromWeb = typeof type === 'string' && webTypes.includes(type);
  const unknown = Object.keys(button)
    .filter((name) => !buttonKeys.includes(name) && !(isFromWeb && webFields.includes(name)))
    .map((name) =>
      menuWarning('unknown-key', pointer(path, name), (say) => say.unknownKey('button', name), {
        at: 'key',
        choices: { given: name, known: buttonKeys },
      }),
    );
  return [...unknown, ...unusedFields(button, type, path)];
}

/** Quirk: the platform takes a field that the type does not have, and forgets it. */
function unusedFields(button: Readonly<Record<string, unknown>>, type: unknown, path: string): MenuProblem[] {
  const children = own(button, 'sub_button');
  const isParent = Array.isArray(children) ? children.length > 0 : children !== undefined;
  const used = isParent ? [] : fieldsOf(type);
  if (used === undefined) return [];
  const owner = isParent ? undefined : String(type);
  return allFields
    .filter((field) => Object.hasOwn(button, field) && !used.includes(field))
    .map((field) =>
      menuWarning('field-unused', pointer(path, field), (say) => say.fieldUnused(field, owner), {
        at: 'key',
      }),
    );
}

/** The fields of a type; nothing for what is no type. */
export function fieldsOf(type: unknown): readonly ButtonField[] | undefined {
  return typeof type === 'string' && isButtonType(type) ? buttonFields[type] : undefined;
}

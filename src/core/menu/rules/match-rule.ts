import { isObject, own } from '../../text/json-value.ts';
import { normaliseMatchRule } from '../menu.ts';
import { matchFields, platformTypes, privateMatchFields, tagId } from '../limits.ts';
import { pointer } from './problem.ts';
import type { MenuProblem } from './problem.ts';
import { excerpt } from '../../text/sanitise.ts';

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
  return {
    rule: 'match-rule-empty',
    severity: 'error',
    path,
    errcode: 65304,
    text: {
      en: 'A conditional menu must have a "matchrule" with at least one field',
      zh: '个性化菜单必须有“matchrule”，且至少填写一个字段',
    },
    hint: { en: 'Add "tag_id" or "client_platform_type"', zh: '请添加“tag_id”或“client_platform_type”' },
  };
}

function checkMatchField(name: string, value: unknown, path: string, exists: boolean): MenuProblem[] {
  if (value === '' && knownFields.includes(name)) return [emptyField(name, path)];
  if (privateMatchFields.includes(name)) return [exists ? pastField(name, path) : privateField(name, path)];
  if (name === 'group_id') return [oldName(path)];
  if (name === 'tag_id') return checkNumeral(value, path, wrongTag);
  if (name === 'client_platform_type') return checkNumeral(value, path, wrongPlatform);
  return [
    {
      rule: 'unknown-key',
      severity: 'warning',
      path,
      at: 'key',
      text: {
        en: `A match rule has no key "${excerpt(name, 60)}"`,
        zh: `matchrule 没有“${excerpt(name, 60)}”这个键`,
      },
      choices: { given: name, known: matchFields },
    },
  ];
}

/** What is said of a value that no follower can meet, or that is a number where a text belongs. */
interface NumeralRule {
  readonly accepts: (text: string) => boolean;
  readonly wrong: Omit<MenuProblem, 'severity' | 'path'> & { readonly errcode: number };
}

/** Quirk: menu/get answers these as numbers, and nobody says whether a number is taken back; so that only warns. */
function checkNumeral(value: unknown, path: string, { accepts, wrong }: NumeralRule): MenuProblem[] {
  if (typeof value === 'string' && accepts(value)) return [];
  if (typeof value !== 'number' || !accepts(String(value))) return [{ ...wrong, severity: 'error', path }];
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [
    {
      rule: 'match-number',
      severity: 'warning',
      path,
      text: { en: `"${name}" is a number; write "${value}"`, zh: `“${name}”是数字；请写作“${value}”` },
    },
  ];
}

function emptyField(name: string, path: string): MenuProblem {
  return {
    rule: 'match-field-empty',
    severity: 'warning',
    path,
    at: 'key',
    text: { en: `"${name}" is empty and is not sent`, zh: `“${name}”为空，不会发送` },
    hint: { en: 'Remove it', zh: '请删除' },
  };
}

function privateField(name: string, path: string): MenuProblem {
  return {
    rule: 'match-rule-private',
    severity: 'error',
    path,
    at: 'key',
    errcode: 65320,
    text: {
      en: `WeChat refuses "${name}" in match rules, since it concerns privacy`,
      zh: `“${name}”涉及隐私，微信不再接受`,
    },
    hint: { en: 'Use "tag_id" or "client_platform_type"', zh: '请使用“tag_id”或“client_platform_type”' },
  };
}

/** Quirk: menus that were made with such a rule are still listed. They may stay in a file that menu/get wrote. */
function pastField(name: string, path: string): MenuProblem {
  return {
    rule: 'match-rule-private',
    severity: 'warning',
    path,
    at: 'key',
    errcode: 65320,
    text: {
      en: `WeChat no longer matches "${name}": nobody sees this menu, and it could not be made again`,
      zh: `微信不再匹配“${name}”：此菜单无人可见，也无法重新创建`,
    },
  };
}

function oldName(path: string): MenuProblem {
  return {
    rule: 'match-rule-old',
    severity: 'warning',
    path,
    at: 'key',
    text: { en: '"group_id" is the old name of "tag_id"', zh: '“group_id”是“tag_id”的旧名称' },
    hint: { en: 'Write "tag_id" and a text: "2"', zh: '请写作“tag_id”，值为文本，如“2”' },
  };
}

/** Quirk: which code a malformed value gets is not documented; these two name the mistake best. */
const wrongTag: NumeralRule = {
  accepts: (text) => tagId.test(text),
  wrong: {
    rule: 'match-tag',
    errcode: 45159,
    text: {
      en: '"tag_id" must be the id of a tag, a text of digits such as "2"; nobody would see this menu',
      zh: '“tag_id”应为标签的 id，即数字组成的文本，如“2”；否则此菜单无人可见',
    },
  },
};

const wrongPlatform: NumeralRule = {
  accepts: (text) => platformTypes.includes(text),
  wrong: {
    rule: 'match-platform',
    errcode: 40035,
    text: {
      en: '"client_platform_type" must be "1" for iOS, "2" for Android or "3" for others; nobody would see this menu',
      zh: '“client_platform_type”只能是“1”（iOS）、“2”（Android）或“3”（其他）；否则此菜单无人可见',
    },
  },
};

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
    return [
      {
        rule: 'match-rule-duplicate',
        severity: 'warning',
        path: pointer(pointer(base, index), 'matchrule'),
        text: {
          en: 'An earlier menu has the same match rule and would never be shown',
          zh: '前面的个性化菜单有相同的 matchrule，将永远不会显示',
        },
      },
    ];
  });
}

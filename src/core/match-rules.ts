import { isObject, own } from './json-value.ts';
import { pointer } from './menu-problem.ts';
import type { MenuProblem } from './menu-problem.ts';

/** Fields that are accepted today. */
const matchFields = ['tag_id', 'client_platform_type'];
/** Fields of the past; a rule with one of them is refused. */
const privateFields = ['sex', 'country', 'province', 'city', 'language'];
const platformTypes = ['1', '2', '3'];
/** Linked domains of a conditional menu. */
const maxDomains = 3;

/** Checks what a conditional menu（个性化菜单）has besides its buttons. */
export function checkConditional(menu: unknown, base: string): MenuProblem[] {
  return [...checkMatchRule(own(menu, 'matchrule'), base), ...checkDomains(menu, base)];
}

function checkMatchRule(rule: unknown, base: string): MenuProblem[] {
  const path = pointer(base, 'matchrule');
  if (!isObject(rule) || Object.keys(rule).length === 0) {
    return [
      {
        rule: 'match-rule-empty',
        severity: 'error',
        path: rule === undefined ? base : path,
        errcode: 65304,
        text: {
          en: 'A conditional menu must have a "matchrule" with at least one field',
          zh: '个性化菜单必须有“matchrule”，且至少包含一个字段',
        },
        hint: { en: 'Add "tag_id" or "client_platform_type"', zh: '请添加“tag_id”或“client_platform_type”' },
      },
    ];
  }
  return Object.entries(rule).flatMap(([name, value]) => checkMatchField(name, value, pointer(path, name)));
}

function checkMatchField(name: string, value: unknown, path: string): MenuProblem[] {
  if (privateFields.includes(name)) return [privateField(name, path)];
  if (name === 'group_id') return [oldName(path)];
  if (!matchFields.includes(name)) {
    return [
      {
        rule: 'unknown-key',
        severity: 'warning',
        path,
        text: { en: `A match rule has no key "${name}"`, zh: `matchrule 没有“${name}”这个键` },
        choices: { given: name, known: matchFields },
      },
    ];
  }
  if (name === 'client_platform_type' && !platformTypes.includes(String(value))) {
    return [
      {
        rule: 'match-platform',
        severity: 'warning',
        path,
        text: {
          en: '"client_platform_type" is "1" for iOS, "2" for Android and "3" for others',
          zh: '“client_platform_type”：“1”为 iOS，“2”为 Android，“3”为其他',
        },
      },
    ];
  }
  return [];
}

function privateField(name: string, path: string): MenuProblem {
  return {
    rule: 'match-rule-private',
    severity: 'error',
    path,
    errcode: 65320,
    text: {
      en: `WeChat refuses "${name}" in match rules, since it concerns privacy`,
      zh: `“${name}”涉及隐私，微信不再接受`,
    },
    hint: { en: 'Use "tag_id" or "client_platform_type"', zh: '请使用“tag_id”或“client_platform_type”' },
  };
}

function oldName(path: string): MenuProblem {
  return {
    rule: 'match-rule-old',
    severity: 'warning',
    path,
    text: { en: '"group_id" is the old name of "tag_id"', zh: '“group_id”是“tag_id”的旧名称' },
    hint: { en: 'Write "tag_id" and a text: "2"', zh: '请写作“tag_id”，值为文本，如“2”' },
  };
}

function checkDomains(menu: unknown, base: string): MenuProblem[] {
  const domains = new Set(
    urlsOf(own(menu, 'button')).map((url) => /^https?:\/\/([^/?#:]+)/i.exec(url)?.[1]?.toLowerCase()),
  );
  domains.delete(undefined);
  if (domains.size <= maxDomains) return [];
  return [
    {
      rule: 'domain-count',
      severity: 'error',
      path: pointer(base, 'button'),
      errcode: 65316,
      text: {
        en: `A conditional menu may link to ${maxDomains} domains, got ${domains.size}`,
        zh: `个性化菜单最多跳转到 ${maxDomains} 个域名，实际为 ${domains.size} 个`,
      },
    },
  ];
}

function urlsOf(buttons: unknown): string[] {
  if (!Array.isArray(buttons)) return [];
  return buttons.flatMap((button: unknown) => {
    const url = own(button, 'url');
    return [...(typeof url === 'string' ? [url] : []), ...urlsOf(own(button, 'sub_button'))];
  });
}

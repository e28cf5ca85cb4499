/** Match rules of conditional menus（个性化菜单）as people read them. */
import type { MatchRule } from '../../../../core/menu/index.ts';
import { sanitiseLine } from '../../../../core/text/sanitise.ts';
import type { Text } from '../../../../core/text/text.ts';

/** `tag 2, Android`. A field of the past is written as it is. */
export function describeRule(rule: MatchRule): Text {
  const parts = Object.entries(rule).map(([name, value]) => describeField(name, sanitiseLine(value)));
  return {
    en: parts.map(({ en }) => en).join(', '),
    zh: parts.map(({ zh }) => zh).join('，'),
  };
}

function describeField(name: string, value: string): Text {
  if (name === 'tag_id') return { en: `tag ${value}`, zh: `标签 ${value}` };
  const platform = name === 'client_platform_type' ? platforms[value] : undefined;
  const plain = `${sanitiseLine(name)}=${value}`;
  return platform ?? { en: plain, zh: plain };
}

const platforms: Readonly<Record<string, Text>> = {
  1: { en: 'iOS', zh: 'iOS' },
  2: { en: 'Android', zh: 'Android' },
  3: { en: 'other systems', zh: '其他系统' },
};

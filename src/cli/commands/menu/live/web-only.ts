/** Buttons that only the web console (公众平台网页) makes: no menu file can have them, and this is what can stand in. */
import { WechatMpError } from '../../../../core/errors.ts';
import { isButtonType, type NormalButton, type NormalMenu } from '../../../../core/menu/index.ts';
import { sanitiseLine } from '../../../../core/text/sanitise.ts';
import type { Text } from '../../../../core/text/text.ts';

/** The error, exit code 1, that names each such button; nothing where there is none. */
export function webOnly(menu: NormalMenu): WechatMpError | undefined {
  const found = leaves(menu.button, []).filter(({ button }) => !isButtonType(button.type ?? ''));
  if (found.length === 0) return undefined;
  return new WechatMpError({
    family: 'negative',
    type: 'menu_web_only',
    text: {
      en: `Cannot write this menu as a file: ${found.length === 1 ? 'one button' : `${found.length} buttons`} can only be made on the web console`,
      zh: `无法把此菜单写成文件：有 ${found.length} 个按钮只能在公众平台网页上设置`,
    },
    details: found.map(describe),
    hint: {
      en: 'Look at all of it with --format tree; keep it on the web console, or write a file with the types above',
      zh: '用 --format tree 查看全部内容；可继续在网页上维护，或按上面的类型编写菜单文件',
    },
    facts: { buttons: found.map(({ button, trail }) => ({ name: trail.at(-1), type: button.type ?? null })) },
  });
}

interface Leaf {
  readonly button: NormalButton;
  readonly trail: readonly string[];
}

function leaves(buttons: readonly NormalButton[], above: readonly string[]): readonly Leaf[] {
  return buttons.flatMap((button) => {
    const trail = [...above, sanitiseLine(button.name ?? '')];
    return button.sub_button === undefined ? [{ button, trail }] : leaves(button.sub_button, trail);
  });
}

function describe({ button, trail }: Leaf): Text {
  const type = sanitiseLine(button.type ?? '');
  const instead = substitutes[type] ?? other;
  const name = trail.join(' › ');
  return { en: `${name} (${type}): ${instead.en}`, zh: `${name}（${type}）：${instead.zh}` };
}

const material: Text = {
  en: 'use "media_id" with a permanent material; the id of this answer ends after 3 days',
  zh: '可改用“media_id”和永久素材；此处返回的 id 三天后失效',
};
const other: Text = { en: 'menu/create has no such type', zh: 'menu/create 没有这种类型' };

const substitutes: Readonly<Record<string, Text>> = {
  text: { en: 'use "click", and let your server answer', zh: '可改用“click”，由服务器回复' },
  img: material,
  photo: material,
  voice: material,
  video: material,
  news: { en: 'use "article_id" with a published article', zh: '可改用“article_id”和已发布的文章' },
};

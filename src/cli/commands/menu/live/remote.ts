/** What the menu commands say about the state of an account. */
import { usageError, WechatMpError } from '../../../../core/errors.ts';
import type { LiveMenu } from '../../../../core/menu/index.ts';
import type { Text } from '../../../../core/text/text.ts';
import type { Context } from '../../../context.ts';

/** The AppID, or words for an account that only a token stands for. */
export function accountName(appId: string | undefined): Text {
  return appId === undefined ? { en: 'the account', zh: '该公众号' } : { en: appId, zh: appId };
}

/** A fingerprint as `menu diff` prints it. */
export function parseHash(text: string, name: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw usageError(
    'hash_invalid',
    {
      en: `Cannot use "${text}" for ${name}: it must be 64 hex digits`,
      zh: `${name} 不能为 "${text}"：应为 64 位十六进制数字`,
    },
    {
      en: 'Take "remote_hash" of: wechat-mp menu diff --json',
      zh: '请使用 wechat-mp menu diff --json 输出的 "remote_hash"',
    },
  );
}

/** Throws, exit code 1, where what is live is not what it was expected to be. */
export function checkRemote(found: string, expected: string | undefined): void {
  if (expected === undefined || found === expected) return;
  throw new WechatMpError({
    family: 'negative',
    type: 'remote_changed',
    text: {
      en: 'The live menu is not the expected one: somebody has changed it; nothing was sent',
      zh: '线上菜单与预期不符：有人修改过；未做任何更改',
    },
    hint: {
      en: 'See what is live now, and decide again: wechat-mp menu diff',
      zh: '查看现在的线上菜单后再决定：wechat-mp menu diff',
    },
    facts: { remote_hash: found, expected_hash: expected },
  });
}

/** A menu of the web console is noticed before it is replaced. */
export function webConsoleNote(context: Context, { origin }: LiveMenu): void {
  if (origin !== 'console') return;
  context.warn({
    en: 'The live menu was made on the web console (mp.weixin.qq.com); a menu that is pushed replaces it',
    zh: '线上菜单是在公众平台网页（mp.weixin.qq.com）上设置的，发布后会被替换',
  });
}

/** A menu that is switched off is not seen, whatever was pushed. */
export function noteSwitchedOff(context: Context, { origin, isOpen }: LiveMenu): void {
  if (origin === 'none' || isOpen) return;
  context.warn({
    en: 'The menu was switched off on the web console (mp.weixin.qq.com); look there whether it is on now',
    zh: '此前菜单已在公众平台网页（mp.weixin.qq.com）上停用；请到网页确认现在是否已启用',
  });
}

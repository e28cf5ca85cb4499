/** What `simulator compare` says. */
import type { Difference } from '../../../core/compare/index.ts';
import { localError, negativeError, usageError, type WechatMpError } from '../../../core/errors.ts';
import type { Text } from '../../../core/text/text.ts';

export const kinds: Readonly<Record<Difference['kind'], Text>> = {
  status: { en: 'status', zh: '状态码' },
  content_type: { en: 'content type', zh: '内容类型' },
  errcode: { en: 'errcode', zh: 'errcode' },
  errmsg: { en: 'errmsg', zh: 'errmsg' },
  missing: { en: 'field missing', zh: '缺少字段' },
  extra: { en: 'field too many', zh: '多出字段' },
  type: { en: 'type', zh: '类型' },
};

/** Why a call was not compared. */
export const reasons = {
  no_facts: { en: 'the account has no follower or tag to ask about', zh: '账号没有可查询的关注者或标签' },
  not_prepared: {
    en: 'the simulator could not be given what the account has',
    zh: '模拟器无法还原账号现有的内容',
  },
  of_the_moment: { en: 'busy, or no calls left for today', zh: '系统繁忙，或当日调用次数已用完' },
  relay: { en: 'a relay does not pass it on', zh: '中继不转发此类调用' },
  not_asked: { en: 'an earlier step failed', zh: '前面的步骤未成功' },
} as const satisfies Readonly<Record<string, Text>>;

export const sides: readonly [Text, Text] = [
  { en: 'platform', zh: '平台' },
  { en: 'simulator', zh: '模拟器' },
];

export const nothing: Text = { en: 'nothing', zh: '无' };

export function summary(calls: number, differ: number, skipped: number): Text {
  const left =
    skipped === 0 ? { en: '', zh: '' } : { en: `, ${skipped} not compared`, zh: `，${skipped} 个未比较` };
  return differ === 0
    ? { en: `${calls} calls compared, all alike${left.en}`, zh: `已比较 ${calls} 个调用，全部一致${left.zh}` }
    : {
        en: `${calls} calls compared, ${differ} differ${left.en}`,
        zh: `已比较 ${calls} 个调用，${differ} 个不同${left.zh}`,
      };
}

export const scope: Text = {
  en: 'This is what these calls answered now, for this account, and no more',
  zh: '以上仅为此账号此刻这些调用的结果，不代表其他情况',
};

export function confirmMissing(appId: string): WechatMpError {
  return usageError(
    'confirmation_missing',
    { en: 'Writing to an account needs a confirmation', zh: '修改公众号需要确认' },
    {
      en: `Add --confirm ${appId}, or leave --write out to read only`,
      zh: `加上 --confirm ${appId}；不带 --write 则只读取`,
    },
  );
}

export function otherAccount(given: string, appId: string): WechatMpError {
  return usageError('confirm_mismatch', {
    en: `Flag --confirm says ${given}, but the account in force is ${appId}; nothing was changed`,
    zh: `--confirm 是 ${given}，而当前公众号是 ${appId}；未做任何更改`,
  });
}

export const needsWrite: Text = {
  en: 'Flag --confirm belongs to --write',
  zh: '--confirm 只能与 --write 一起使用',
};

export const announcement: Text = {
  en: 'This makes and deletes a tag, replaces the menu for a moment and restores it, and makes a QR code of 60 s',
  zh: '将创建并删除一个标签，短暂替换菜单后恢复，并生成一个 60 秒的二维码',
};

export const typeAppId = (appId: string): Text => ({
  en: `Type ${appId} to do that`,
  zh: `输入 ${appId} 以确认`,
});

export function declined(): WechatMpError {
  return negativeError('declined', {
    en: 'Stopped: that is not the AppID; nothing was changed',
    zh: '已停止：输入的不是该 AppID，未做任何更改',
  });
}

export const menuLeftOut: Text = {
  en: 'The menu was made on the web console and could not be restored: nothing is written to it',
  zh: '菜单是在公众平台网页上设置的，无法通过接口恢复：不对菜单做任何修改',
};

export function noPlaceForBackup(): WechatMpError {
  return localError(
    'no_backup',
    { en: 'Cannot save the menu first; nothing was changed', zh: '无法先备份菜单；未做任何更改' },
    {
      en: 'Set WECHAT_MP_STATE_DIR to a folder that can be written',
      zh: '请把 WECHAT_MP_STATE_DIR 设为可写的目录',
    },
  );
}

export function undoTag(id: number | string): Text {
  const command = `wechat-mp api tags/delete -F tag[id]=${id}`;
  return {
    en: `To undo the tag, should this be stopped: ${command}`,
    zh: `若中途停止，撤销标签：${command}`,
  };
}

export const undoMenu = (file: string): Text => ({
  en: `Saved what was live; to undo: wechat-mp menu push ${file}`,
  zh: `已备份线上菜单；撤销方法：wechat-mp menu push ${file}`,
});

export const undoNoMenu: Text = {
  en: 'The account has no menu; to undo: wechat-mp menu delete',
  zh: '账号没有菜单；撤销方法：wechat-mp menu delete',
};

export const restored: Text = { en: 'Restored: the account is as it was', zh: '已恢复：账号与之前一致' };

export function notRestored(what: readonly string[]): WechatMpError {
  const list = what.join(', ');
  return localError(
    'not_restored',
    { en: `Could not restore: ${list}`, zh: `未能恢复：${list}` },
    { en: 'Use the undo lines above', zh: '请使用上面的撤销命令' },
  );
}

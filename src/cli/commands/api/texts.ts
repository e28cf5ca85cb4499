/** What `api` says. */
import type { Demand, Effect } from '../../../core/catalogue/index.ts';
import type { Text } from '../../../core/text/text.ts';

/** Short enough for a column. */
export const effectNames: Readonly<Record<Effect, Text>> = {
  read: { en: 'reads', zh: '读取' },
  write: { en: 'writes', zh: '修改' },
  reaches_people: { en: 'reaches people', zh: '用户可见' },
  irreversible: { en: 'cannot be undone', zh: '不可撤销' },
};

export const effectTexts: Readonly<Record<Effect, Text>> = {
  read: { en: 'Reads; changes nothing', zh: '只读取，不做更改' },
  write: { en: 'Changes the account', zh: '会修改账号数据' },
  reaches_people: { en: 'Reaches people: they see it. Asks first', zh: '用户会看到；调用前会询问' },
  irreversible: { en: 'Cannot be taken back. Asks first', zh: '无法撤销；调用前会询问' },
};

export const withdrawn: Text = {
  en: 'Withdrawn: WeChat answers 45106',
  zh: '已下线：微信返回 45106',
};

export function question(path: string, title: Text | undefined, effect: Effect): Text {
  const what =
    title === undefined
      ? { en: path, zh: path }
      : { en: `${path} (${title.en})`, zh: `${path}（${title.zh}）` };
  return effect === 'reaches_people'
    ? { en: `Call ${what.en}? People will see it.`, zh: `要调用 ${what.zh} 吗？用户会看到。` }
    : { en: `Call ${what.en}? It cannot be taken back.`, zh: `要调用 ${what.zh} 吗？此操作无法撤销。` };
}

/** Calls that a command of this tool makes with more care, by name. */
export const betterCommands: ReadonlyMap<string, { readonly command: string; readonly why: Text }> = new Map([
  [
    'menu.create',
    {
      command: 'wechat-mp menu push',
      why: { en: 'shows the difference, keeps a backup and reads back', zh: '会显示差异、备份并回读校验' },
    },
  ],
  [
    'menu.delete',
    {
      command: 'wechat-mp menu delete',
      why: { en: 'keeps a backup and reads back', zh: '会备份并回读校验' },
    },
  ],
]);

/** `required, at most 30 bytes`; empty for a parameter that nothing is known of. */
export function demandText(demand: Demand): Text {
  const { required, bytes, characters, items, least, min, max, values, types, form, kinds } = demand;
  const parts: Text[] = [
    ...(required === true ? [{ en: 'required', zh: '必填' }] : []),
    ...(least === undefined ? [] : [{ en: `at least ${least} entries`, zh: `至少 ${least} 项` }]),
    ...(items === undefined ? [] : [{ en: `at most ${items} entries`, zh: `最多 ${items} 项` }]),
    ...(bytes === undefined ? [] : [{ en: `at most ${bytes} bytes`, zh: `最多 ${bytes} 字节` }]),
    ...(characters === undefined
      ? []
      : [{ en: `at most ${characters} characters`, zh: `最多 ${characters} 个字符` }]),
    ...(min === undefined ? [] : [{ en: `from ${min}`, zh: `最小 ${min}` }]),
    ...(max === undefined ? [] : [{ en: `up to ${max}`, zh: `最大 ${max}` }]),
    ...(values === undefined ? [] : [{ en: values.join(' | '), zh: values.join(' | ') }]),
    ...(types === undefined ? [] : [{ en: types.join(' | '), zh: types.join(' | ') }]),
    ...Object.entries(kinds ?? {}).map(([kind, limit]) => ({
      en: `${kind}: at most ${limit.bytes} bytes, ${limit.types.join(' | ')}`,
      zh: `${kind}：最多 ${limit.bytes} 字节，${limit.types.join(' | ')}`,
    })),
    ...(form === undefined || form === 'media_id' ? [] : formText(form)),
  ];
  return { en: parts.map(({ en }) => en).join(', '), zh: parts.map(({ zh }) => zh).join('，') };
}

function formText(form: string): readonly Text[] {
  switch (form) {
    case 'date':
      return [{ en: 'YYYY-MM-DD', zh: 'YYYY-MM-DD' }];
    case 'path':
      return [{ en: 'a path such as /cgi-bin/menu/get', zh: '接口路径，如 /cgi-bin/menu/get' }];
    case 'article':
      return [{ en: 'HTML; pictures of media/uploadimg only', zh: 'HTML，图片须来自 media/uploadimg' }];
    case 'openid':
      return [{ en: 'an OpenID', zh: 'OpenID' }];
    default:
      return [];
  }
}

/** `1000 a day, 100 for a test account`. */
export function quotaText(quota: {
  readonly day?: number;
  readonly testDay?: number;
  readonly month?: number;
}): Text {
  const { day, testDay, month } = quota;
  if (month !== undefined) return { en: `${month} a month`, zh: `每月 ${month} 次` };
  const test =
    testDay === undefined
      ? { en: '', zh: '' }
      : { en: `, ${testDay} for a test account`, zh: `，测试号 ${testDay} 次` };
  return { en: `${day} a day${test.en}`, zh: `每天 ${day} 次${test.zh}` };
}

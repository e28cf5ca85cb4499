/** How the store of another library is chosen: behind the question mark of a store's address. */
import { inputError, type WechatMpError } from '../errors.ts';
import { defined } from '../text/defined.ts';
import type { Text } from '../text/text.ts';
import { type LayoutName, libraryOf, redisLayouts, writingOf } from './layout.ts';

export interface LayoutChoice {
  readonly layout: LayoutName;
  readonly prefix?: string;
  /** Whether this tool may fetch a token and put it there. */
  readonly write: boolean;
}

const names = ['layout', 'prefix', 'write'];

/** `file:DIR?layout=node-easywechat`: the folder, and what stands behind the question mark. */
export function splitFolder(
  address: string,
): { readonly folder: string; readonly query: string } | undefined {
  const [, folder, query = ''] = /^file:(?:\/\/(?=\/))?([^?]+)(?:\?(.*))?$/s.exec(address) ?? [];
  return folder === undefined ? undefined : { folder, query };
}

/** Reads `layout=wxjava&prefix=shop&write=1`. Throws an input error that names `place`. */
export function parseLayout(
  query: string,
  place: string,
  known: readonly LayoutName[] = redisLayouts,
): LayoutChoice {
  const fields = new URLSearchParams(query);
  const strange = [...fields.keys()].find((name) => !names.includes(name));
  const twice = names.find((name) => fields.getAll(name).length > 1);
  if (strange !== undefined || twice !== undefined) {
    const wrong = JSON.stringify((strange ?? twice ?? '').slice(0, 40));
    throw unusable(place, {
      en: `${wrong} is ${twice === undefined ? 'not known' : 'there twice'} behind "?"; it takes layout, prefix and write`,
      zh: `“?”后的 ${wrong} ${twice === undefined ? '无法识别' : '重复'}；可用 layout、prefix、write`,
    });
  }
  const layout = known.find((name) => name === fields.get('layout'));
  if (layout === undefined) throw noLayout(place, known, fields.has('layout'));
  const [prefix, write] = [fields.get('prefix') ?? undefined, fields.get('write') ?? '0'];
  if (prefix !== undefined && !/^[\x21-\x7e]{0,200}$/.test(prefix))
    throw unusable(place, {
      en: 'prefix must be printable ASCII without blanks',
      zh: 'prefix 应为不含空格的可见 ASCII 字符',
    });
  if (write !== '0' && write !== '1')
    throw unusable(
      place,
      { en: 'write must be 1 or 0', zh: 'write 应为 1 或 0' },
      {
        en: 'Leave write out to only read the token; write=1 renews it there, too',
        zh: '只读取时请去掉 write；write=1 还会在该处更新 access_token',
      },
    );
  const writing = writingOf(layout);
  if (write === '1' && 'refused' in writing)
    throw unusable(
      place,
      {
        en: `${layout} is read only, without write=1: ${writing.refused.en}`,
        zh: `${layout} 只能读取，不支持 write=1：${writing.refused.zh}`,
      },
      {
        en: `Leave out write=1; only ${libraryOf(layout)} renews that token`,
        zh: `请去掉 write=1；该 access_token 只由 ${libraryOf(layout)} 更新`,
      },
    );
  return { layout, write: write === '1', ...defined({ prefix }) };
}

function noLayout(place: string, known: readonly LayoutName[], isThere: boolean): WechatMpError {
  const list = known.join(', ');
  if (known.length === 1)
    return unusable(
      place,
      { en: `a folder must have layout=${list}`, zh: `目录只能用 layout=${list}` },
      { en: `Write file:DIR?layout=${list}`, zh: `格式：file:目录?layout=${list}` },
    );
  return unusable(
    place,
    isThere
      ? { en: `layout must be one of ${list}`, zh: `layout 应为以下之一：${list}` }
      : {
          en: `layout is missing behind "?"; it says whose token is there: ${list}`,
          zh: `“?”后缺少 layout，它说明 access_token 属于哪个类库：${list}`,
        },
  );
}

const form: Text = {
  en: 'Write redis://host:6379/0?layout=wxjava; wechat-mp token --find says which layouts are there',
  zh: '格式：redis://主机:6379/0?layout=wxjava；wechat-mp token --find 可列出已有的布局',
};

function unusable(place: string, why: Text, hint: Text = form): WechatMpError {
  return inputError(
    'store_invalid',
    { en: `Cannot use the store in ${place}: ${why.en}`, zh: `${place} 中的存储地址无法使用：${why.zh}` },
    hint,
  );
}

/** The folder in which node-easywechat keeps its credentials, as a server that answers the same commands as Redis. */
import { accountError, systemCode, WechatMpError } from '../../../core/errors.ts';
import { parseLayout, splitFolder } from '../../../core/foreign/index.ts';
import { isObject, own, parseJson } from '../../../core/text/json-value.ts';
import { systemReason } from '../../../core/text/system-reason.ts';
import { decodeUtf8 } from '../../../core/text/utf8.ts';
import type { Redis, RedisReply } from '../../../io/ports.ts';
import type { Context } from '../../context.ts';
import type { StoreServer } from '../team-token.ts';

/** A file has one credential. */
const maxBytes = 64 * 1024;

/** Opens `file:DIR?layout=node-easywechat`. Throws an input error that names `place`. */
export function openFolder(context: Context, address: string, place: string): StoreServer {
  const { folder = '', query = '' } = splitFolder(address) ?? {};
  const layout = parseLayout(query, place, ['node-easywechat']);
  const redis: Redis = {
    send: async (_, [verb, name = '']) =>
      answer(verb, readItem(context, folder, name), context.io.clock.now()),
  };
  return { shown: `file:${folder}`, layout, redis: async () => redis };
}

interface Item {
  readonly data: unknown;
  /** Seconds since 1970; 0 for ever. */
  readonly lifeTime: number;
}

/** The name of the file has the AppSecret in it, so that no error may name it. */
function readItem({ io }: Context, folder: string, name: string): Item | undefined {
  let bytes: Uint8Array | undefined;
  try {
    bytes = io.files.read(`${folder}/${name}.cache`, maxBytes);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined && !(error instanceof WechatMpError)) throw error;
    const reason = systemReason(code ?? 'EFBIG');
    throw accountError('foreign_token_unreadable', {
      en: `Cannot read the cache of node-easywechat in "${folder}": ${reason.en}`,
      zh: `无法读取 "${folder}" 中 node-easywechat 的缓存：${reason.zh}`,
    });
  }
  const item = bytes && parseJson(decodeUtf8(bytes) ?? '');
  const lifeTime = own(item, 'lifeTime');
  if (!isObject(item) || typeof lifeTime !== 'number') return undefined;
  return { data: item['data'], lifeTime };
}

function answer(verb: string | undefined, item: Item | undefined, nowMs: number): RedisReply {
  const leftMs = item === undefined ? -2 : item.lifeTime * 1000 - nowMs;
  if (item === undefined || (item.lifeTime > 0 && leftMs <= 0)) return verb === 'TYPE' ? 'none' : null;
  if (verb === 'TYPE') return 'string';
  if (verb === 'PTTL') return item.lifeTime > 0 ? leftMs : -1;
  return typeof item.data === 'string' ? item.data : JSON.stringify(item.data ?? null);
}

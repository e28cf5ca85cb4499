/** IP 白名单: which addresses may call. */
import { inputError } from '../../core/errors.ts';
import { type IpBlock, isInBlock, parseIpAddress, parseIpBlock } from '../../core/account/index.ts';
import type { Text } from '../../core/text/text.ts';

export interface WhitelistEntry {
  /** As it was given. */
  readonly text: string;
  readonly block: IpBlock;
}

/**
 * Which calls are checked: every one, as for official accounts, or those with the AppSecret alone: the rule until 2017,
 * and that of mini programs.
 */
export type WhitelistScope = 'all' | 'secret';

export function isListed(address: string, list: readonly WhitelistEntry[]): boolean {
  const parsed = parseIpAddress(address);
  return parsed !== undefined && list.some(({ block }) => isInBlock(parsed, block));
}

/** Reads addresses and blocks. Throws an input error that names the entry and what is wrong with it. */
export function parseWhitelist(list: readonly string[], scope: WhitelistScope): readonly WhitelistEntry[] {
  return list.map((text) => {
    const block = parseIpBlock(text) ?? (scope === 'secret' ? wildcardBlock(text) : undefined);
    if (block !== undefined) return { text, block };
    const reason = reasonAgainst(text);
    throw inputError('invalid_settings', {
      en: `"whitelist" cannot have ${JSON.stringify(text)}: ${reason.en}`,
      zh: `“whitelist”中不能有 ${JSON.stringify(text)}：${reason.zh}`,
    });
  });
}

/** `172.0.0.*`, as the console of mini programs takes it: stars for the last numbers. */
function wildcardBlock(text: string): IpBlock | undefined {
  if (text === '*') return parseIpBlock('0.0.0.0/0');
  const stars = /^(?:\d{1,3}\.){0,3}(\*(?:\.\*){0,3})$/.exec(text)?.[1]?.split('.').length ?? 0;
  return stars === 0 ? undefined : parseIpBlock(`${text.replaceAll('*', '0')}/${32 - stars * 8}`);
}

function reasonAgainst(text: string): Text {
  if (text.includes('*')) {
    return {
      en: 'only mini programs may write "*" (whitelist_scope "secret"); write a block such as "172.0.0.0/24"',
      zh: '只有小程序（whitelist_scope 为“secret”）可用“*”；请写成网段，例如“172.0.0.0/24”',
    };
  }
  if (/^(?:[^:]+|\[.*\]):\d+$/.test(text)) {
    return { en: 'it must be an address without a port', zh: '只能填写 IP 地址，不带端口' };
  }
  if (text.includes('/')) {
    return {
      en: 'a block is an address, a slash and 0 to 32 (IPv6: 0 to 128), such as "172.0.0.0/24"',
      zh: '网段应写作 IP 地址、斜杠和 0 到 32（IPv6 为 0 到 128）的前缀长度，例如“172.0.0.0/24”',
    };
  }
  return {
    en: 'it is no IP address; write for example "203.0.113.7"',
    zh: '不是 IP 地址；正确写法例如“203.0.113.7”',
  };
}

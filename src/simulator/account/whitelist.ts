/** IP 白名单: which addresses may call. */
import { inputError } from '../../core/errors.ts';
import { type IpBlock, isInBlock, parseIpAddress, parseIpBlock } from '../../core/account/index.ts';
import type { Text } from '../../core/text/text.ts';
import { blockForm, noAddress, noPort, notListable, starsOfMiniPrograms } from './texts.ts';

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
    throw inputError('invalid_settings', notListable(text, reason));
  });
}

/** `172.0.0.*`, as the console of mini programs takes it: stars for the last numbers. */
function wildcardBlock(text: string): IpBlock | undefined {
  if (text === '*') return parseIpBlock('0.0.0.0/0');
  const stars = /^(?:\d{1,3}\.){0,3}(\*(?:\.\*){0,3})$/.exec(text)?.[1]?.split('.').length ?? 0;
  return stars === 0 ? undefined : parseIpBlock(`${text.replaceAll('*', '0')}/${32 - stars * 8}`);
}

function reasonAgainst(text: string): Text {
  if (text.includes('*')) return starsOfMiniPrograms;
  if (/^(?:[^:]+|\[.*\]):\d+$/.test(text)) return noPort;
  if (text.includes('/')) return blockForm;
  return noAddress;
}

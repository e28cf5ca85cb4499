/** IP addresses and blocks of them (CIDR) as numbers. An IPv4 address in IPv6 clothes (`::ffff:1.2.3.4`) is IPv4. */

interface IpAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** All addresses whose first `prefix` bits are those of `value`. */
export interface IpBlock extends IpAddress {
  readonly prefix: number;
}

const mappedBits = 96;
const mappedHead = 0xffffn;

/** One address. `undefined` for anything else. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return { bits: 32, value: v4 };
  const v6 = parseIpv6(text);
  if (v6 === undefined) return undefined;
  return v6 >> 32n === mappedHead ? { bits: 32, value: v6 & 0xffff_ffffn } : { bits: 128, value: v6 };
}

/** One address, or a block such as `172.0.0.0/24`; bits behind the prefix (`172.0.0.1/24`) count for nothing. */
export function parseIpBlock(text: string): IpBlock | undefined {
  const [head = '', length, ...rest] = text.split('/');
  const address = parseIpAddress(head);
  if (address === undefined || rest.length > 0) return undefined;
  if (length === undefined) return { ...address, prefix: address.bits };
  if (!/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const wrapped = head.includes(':') && address.bits === 32 ? mappedBits : 0;
  const prefix = Number(length) - wrapped;
  return prefix >= 0 && prefix <= address.bits ? { ...address, prefix } : undefined;
}

export function isInBlock(address: IpAddress, block: IpBlock): boolean {
  const behind = BigInt(block.bits - block.prefix);
  return address.bits === block.bits && address.value >> behind === block.value >> behind;
}

/** The address as the platform names it: IPv4 without its IPv6 clothes, anything else as it is written. */
export function plainAddress(text: string): string {
  const address = parseIpAddress(text);
  if (address?.bits !== 32) return text;
  return [24n, 16n, 8n, 0n].map((shift) => (address.value >> shift) & 255n).join('.');
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  // A leading zero means octal to some programs: such a number is no address.
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

const groupCount = 8;

function parseIpv6(text: string): bigint | undefined {
  // IPv4 stands at the very end only.
  if (/\..*:/.test(text)) return undefined;
  const halves = text.split('::').map(readGroups);
  const [head, tail] = halves;
  if (halves.length > 2 || head === undefined || halves.includes(undefined)) return undefined;
  const given = head.length + (tail?.length ?? 0);
  if (tail === undefined ? given !== groupCount : given >= groupCount) return undefined;
  const zeros = Array.from({ length: groupCount - given }, () => 0n);
  return [...head, ...zeros, ...(tail ?? [])].reduce((sum, group) => sum * 65_536n + group, 0n);
}

/** Groups of four hex digits; the last two may be written as an IPv4 address. */
function readGroups(text: string): readonly bigint[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const last = parts.at(-1) ?? '';
  const v4 = last.includes('.') ? parseIpv4(last) : undefined;
  if (last.includes('.') && v4 === undefined) return undefined;
  const groups = v4 === undefined ? parts : parts.slice(0, -1);
  if (!groups.every((part) => /^[0-9A-Fa-f]{1,4}$/.test(part))) return undefined;
  const values = groups.map((part) => BigInt(`0x${part}`));
  return v4 === undefined ? values : [...values, v4 >> 16n, v4 & 0xffffn];
}

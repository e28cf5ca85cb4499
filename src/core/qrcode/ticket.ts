import { defined } from '../text/defined.ts';

/**
 * What a QR ticket says. The platform does not document this layout; it was observed on ten tickets of the years 2013
 * to 2022, none of them of a permanent code.
 */
export interface QrTicket {
  /** Two bytes that differ from account to account; their meaning is unknown. */
  readonly head: Uint8Array;
  /** The content of the QR code. */
  readonly url: string;
  /** Unix seconds. */
  readonly createdAtSeconds: number;
  /**
   * Quirk: the documentation's sample of 2014 has an absolute time here. Missing where the ticket does not tell.
   */
  readonly expireSeconds?: number | undefined;
}

const magic = [0x81, 0x01];
/** Magic, head, length, seven zeros. */
const headLength = 12;
const tagUrl = 0x01;
const tagCreated = 0x02;
const tagExpire = 0x03;

/** Writes a ticket in the observed layout, as Base64. */
export function formatQrTicket(ticket: QrTicket): string {
  if (ticket.head.length !== 2) throw new TypeError('head must be 2 bytes');
  const url = Buffer.from(`${ticket.url}\0`, 'latin1');
  if (url.length > 0xff) throw new TypeError('url must be at most 254 characters');
  const rest = Buffer.concat([
    Buffer.from([tagUrl, url.length]),
    url,
    numberField(tagCreated, ticket.createdAtSeconds),
    ticket.expireSeconds === undefined ? Buffer.alloc(0) : numberField(tagExpire, ticket.expireSeconds),
  ]);
  const head = Buffer.from([...magic, ...ticket.head, rest.length, 0, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, rest]).toString('base64');
}

function numberField(tag: number, value: number): Buffer {
  const field = Buffer.from([tag, 4, 0, 0, 0, 0]);
  field.writeUInt32LE(value, 2);
  return field;
}

/** Reads a ticket, or returns `undefined` for one that does not have the observed layout. */
export function parseQrTicket(ticket: string): QrTicket | undefined {
  const bytes = Buffer.from(ticket, 'base64');
  // Tickets are found with and without the closing "=".
  if (bytes.toString('base64').replace(/=+$/, '') !== ticket.replace(/=+$/, '')) return undefined;
  if (bytes.length < headLength || bytes[0] !== magic[0] || bytes[1] !== magic[1]) return undefined;
  if (bytes[4] !== bytes.length - headLength || bytes.subarray(5, headLength).some((byte) => byte !== 0))
    return undefined;
  const fields = readFields(bytes.subarray(headLength));
  const url = fields?.get(tagUrl);
  const created = fields?.get(tagCreated);
  const expire = fields?.get(tagExpire);
  if (url === undefined || url.at(-1) !== 0 || created?.length !== 4) return undefined;
  if (expire !== undefined && expire.length !== 4) return undefined;
  return {
    head: bytes.subarray(2, 4),
    url: url.subarray(0, -1).toString('latin1'),
    createdAtSeconds: created.readUInt32LE(),
    ...defined({ expireSeconds: expire?.readUInt32LE() }),
  };
}

/** Tag, length and value, one after the other; `undefined` where a value is cut short. */
function readFields(bytes: Buffer): ReadonlyMap<number, Buffer> | undefined {
  const fields = new Map<number, Buffer>();
  let position = 0;
  while (position < bytes.length) {
    const tag = bytes[position] ?? 0;
    const end = position + 2 + (bytes[position + 1] ?? bytes.length);
    if (end > bytes.length) return undefined;
    fields.set(tag, bytes.subarray(position + 2, end));
    position = end;
  }
  return fields;
}

/**
 * Tokens of the relay, which SDKs send as `access_token`: each is bound to a client and an account. Nothing of them is
 * kept, so that two relays with the same key file accept each other's, and a key that is gone ends its tokens.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RelayClient } from './clients.ts';

export interface RelayTokens {
  /** The same text for an hour, as often as somebody asks. */
  issue(client: RelayClient, appId: string, nowMs: number): string;
  open(token: string, nowMs: number): Holder | 'invalid' | 'expired';
}

export interface Holder {
  readonly client: RelayClient;
  readonly appId: string;
}

/** What a client is told: as long as the platform's own. It is good for up to an hour more. */
export const tokenLifeSeconds = 7200;

const prefix = 'RELAY_';
/** Finds them, whole or in part, in a text. */
export const relayTokens = /RELAY_[\w-]+/g;
const slotSeconds = 3600;
/** Who it is for, until when, and the proof: bytes. */
const [idBytes, timeBytes, proofBytes] = [12, 4, 20];
/** 36 bytes in Base64, without a bit to spare. */
const form = /^RELAY_[\w-]{48}$/;

export function createRelayTokens(clients: readonly RelayClient[], appIds: readonly string[]): RelayTokens {
  const holders = new Map<string, Holder>();
  for (const client of clients)
    for (const appId of appIds) holders.set(idOf(client, appId).toString('latin1'), { client, appId });
  return {
    issue(client, appId, nowMs) {
      const endsAt = (Math.floor(nowMs / 1000 / slotSeconds) + 1) * slotSeconds + tokenLifeSeconds;
      const claim = Buffer.concat([idOf(client, appId), Buffer.alloc(timeBytes)]);
      claim.writeUInt32BE(endsAt, idBytes);
      return prefix + Buffer.concat([claim, prove(client, claim)]).toString('base64url');
    },
    open(token, nowMs) {
      if (!form.test(token)) return 'invalid';
      const bytes = Buffer.from(token.slice(prefix.length), 'base64url');
      const holder = holders.get(bytes.toString('latin1', 0, idBytes));
      const claim = bytes.subarray(0, idBytes + timeBytes);
      const proof = bytes.subarray(idBytes + timeBytes);
      if (holder === undefined || !timingSafeEqual(prove(holder.client, claim), proof)) return 'invalid';
      return bytes.readUInt32BE(idBytes) * 1000 > nowMs ? holder : 'expired';
    },
  };
}

function idOf({ name }: RelayClient, appId: string): Buffer {
  return createHash('sha256').update(`${appId}\n${name}`).digest().subarray(0, idBytes);
}

function prove({ key }: RelayClient, claim: Uint8Array): Buffer {
  return createHmac('sha256', `wechat-mp relay token\n${key}`).update(claim).digest().subarray(0, proofBytes);
}

import { readFileSync } from 'node:fs';

export interface CryptoVector {
  readonly source: string;
  readonly published: boolean;
  readonly token?: string;
  readonly encoding_aes_key: string;
  readonly appid: string;
  readonly timestamp?: string;
  readonly nonce?: string;
  readonly msg_signature?: string;
  readonly encrypt: string;
  readonly random: string;
  readonly msg_len: number;
  readonly msg: string;
  readonly pad: number;
  readonly cipher_bytes: number;
}

/** Known answers of the official documents and of other people's libraries, with their sources. */
export interface Vectors {
  readonly signature: readonly {
    readonly source: string;
    readonly token: string;
    readonly timestamp: string;
    readonly nonce: string;
    readonly signature: string;
  }[];
  readonly crypto: readonly CryptoVector[];
  readonly jssdk: readonly {
    readonly source: string;
    readonly jsapi_ticket: string;
    readonly noncestr: string;
    readonly timestamp: number;
    readonly url: string;
    readonly string1: string;
    readonly signature: string;
  }[];
  readonly card: readonly {
    readonly source: string;
    readonly fields: Readonly<Record<string, string>>;
    readonly signature: string;
  }[];
  readonly qr_ticket_layout: readonly {
    readonly ticket: string;
    readonly head_hex: string;
    readonly url: string;
    readonly time: number;
    readonly expire_seconds: number;
    readonly bytes: number;
  }[];
}

export const vectors = JSON.parse(
  readFileSync(new URL('../fixtures/vectors.json', import.meta.url), 'utf8'),
) as Vectors;

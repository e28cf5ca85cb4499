/** `wechat-mp serve` as its own process, and what WeChat does towards it, calculated without our own code. */
import { createHash } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { onTestFinished } from 'vitest';
import { ended, start, type Ended } from '../helpers/command.ts';

interface Event {
  readonly type: string;
  readonly id: string;
  readonly [name: string]: unknown;
}

export interface Serving {
  readonly url: string;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** All events so far, the first line apart. */
  readonly events: readonly Event[];
  /** The next event that was not taken yet. */
  next(): Promise<Event>;
}

/** The example account of the official page. */
export const account = {
  appId: 'wxba5fad812f8e6fb9',
  callbackToken: 'AAAAA',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};
export const accountEnvironment = {
  WECHAT_MP_APPID: account.appId,
  WECHAT_MP_CALLBACK_TOKEN: account.callbackToken,
  WECHAT_MP_AES_KEY: account.aesKey,
};

/** Starts it on a free port; it is gone after the test. */
export async function startServing(
  words: readonly string[] = [],
  env: Readonly<Record<string, string>> = accountEnvironment,
): Promise<Serving> {
  const child = start(['serve', '--port', '0', '--json', ...words], { env });
  const end = ended(child);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await end;
  });
  const lines: Event[] = [];
  let pending = '';
  let wake = (): void => {};
  child.stdout?.on('data', (chunk: Buffer) => {
    pending += chunk.toString('utf8');
    const whole = pending.split('\n');
    pending = whole.pop() ?? '';
    lines.push(...whole.map((line) => JSON.parse(line) as Event));
    wake();
  });
  let taken = 0;
  const next = async (): Promise<Event> => {
    for (;;) {
      const line = lines[taken];
      if (line !== undefined) {
        taken += 1;
        return line;
      }
      const closed = await Promise.race([
        new Promise<undefined>((resolve) => (wake = () => resolve(undefined))),
        end,
      ]);
      if (closed !== undefined && lines.length <= taken)
        throw new Error(`serve ended with ${closed.code}: ${closed.stderr}`);
    }
  };
  const ready = await next();
  return {
    url: String(ready['url']),
    child,
    ended: end,
    get events() {
      return lines.slice(1);
    },
    next,
  };
}

const sha1 = (parts: readonly string[]): string =>
  createHash('sha1').update(parts.toSorted().join('')).digest('hex');

/** The query of a push as WeChat signs it; with a ciphertext also for the encrypted modes. */
export function signedQuery(
  encrypt?: string,
  { callbackToken = account.callbackToken } = {},
): URLSearchParams {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = '1514711492';
  return new URLSearchParams({
    signature: sha1([callbackToken, timestamp, nonce]),
    timestamp,
    nonce,
    ...(encrypt === undefined
      ? {}
      : { encrypt_type: 'aes', msg_signature: sha1([callbackToken, timestamp, nonce, encrypt]) }),
  });
}

/** A text message as WeChat writes it. */
export function textMessage(content: string, msgId = '24534963034417920'): string {
  return `<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName>
<FromUserName><![CDATA[o9AgO5Kd5ggOC-bXrbNODIiE3bGY]]></FromUserName>
<CreateTime>1714037059</CreateTime>
<MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[${content}]]></Content>
<MsgId>${msgId}</MsgId>
</xml>`;
}

export function envelope(encrypt: string): string {
  return `<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`;
}

/** Text of one element, inside or outside CDATA. */
export function element(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|([^<]*))</${name}>`).exec(xml);
  return found?.[1] ?? found?.[2];
}

interface Crypt {
  getSignature(timestamp: string, nonce: string, encrypt: string): string;
  encrypt(text: string): string;
  decrypt(text: string): { readonly message: string; readonly id: string };
}

const WXBizMsgCrypt = createRequire(import.meta.url)('wechat-crypto') as new (
  token: string,
  encodingAESKey: string,
  appId: string,
) => Crypt;

/** Somebody else's implementation of 消息加解密. */
export function othersCrypt(): Crypt {
  return new WXBizMsgCrypt(account.callbackToken, account.aesKey, account.appId);
}

/** The platform's push side（消息推送）: builds, signs, seals and sends a message, and judges what comes back. */
import {
  appendQuery,
  type CallbackSecrets,
  digitsOf,
  type EncryptionMode,
  type MessageFormat,
  type SealedPush,
  sealPush,
  signPush,
} from '../../core/callback/index.ts';
import { judgeStatus, type ProbeFinding } from '../../core/diagnosis/index.ts';
import type { IncomingMessage } from '../../core/message/index.ts';
import { judgeReply, type ReplyVerdict, showsReply, type UserSees } from '../../core/reply/index.ts';
import type { Clock, Fetch, Random } from '../../io/ports.ts';
import { exchangeWith, networkFinding, type ServerExchange } from './exchange.ts';

const maxAttempts = 3;

/** Where pushes go and how they are made（服务器配置）. */
export interface PushTarget extends CallbackSecrets {
  readonly url: string;
  readonly mode: EncryptionMode;
  readonly format: MessageFormat;
}

export interface Push {
  readonly text: string;
  readonly message: IncomingMessage;
}

/** Ways of spoiling a push, each of which a careful server refuses. */
export type Tampering = 'signature' | 'body' | 'timestamp' | 'appid';

export interface PushWorld {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
}

export interface PushRequest {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface Delivery {
  readonly request: PushRequest;
  /** Milliseconds since 1970 at which it was sent. */
  readonly sentAtMs: number;
  readonly exchange: ServerExchange;
  /** Why the exchange is no answer; `undefined` for one with status 200. */
  readonly finding: ProbeFinding | undefined;
  /** How the platform takes the answer; `undefined` where there is none. */
  readonly verdict: ReplyVerdict | undefined;
  /** What the person sees if nothing more comes. */
  readonly userSees: UserSees;
}

/** Makes the request with a new timestamp and nonce. */
export function createPushRequest(
  { clock, random }: Pick<PushWorld, 'clock' | 'random'>,
  target: PushTarget,
  push: Push,
  tampering?: Tampering,
): PushRequest {
  const { callbackToken, mode, format } = target;
  const nowSeconds = Math.floor(clock.now() / 1000);
  const sealed = sealPush({
    ...target,
    text: push.text,
    ...(tampering === 'appid' ? { appId: otherAppId(target.appId) } : {}),
    random16: random.bytes(16),
  });
  const query = signPush({
    callbackToken,
    timestamp: String(nowSeconds),
    nonce: digitsOf(random.bytes(9)),
    // A push that is about no person has no sender.
    openId: push.message.fromUserName || undefined,
    encrypt: sealed.encrypt,
  });
  return {
    method: 'POST',
    url: appendQuery(target.url, spoilQuery(query, tampering)),
    headers: { 'content-type': format === 'json' ? 'application/json' : 'text/xml' },
    body: tampering === 'body' && mode !== 'plain' ? spoilBody(sealed) : sealed.body,
  };
}

function spoilQuery(
  query: Readonly<Record<string, string>>,
  tampering: Tampering | undefined,
): Readonly<Record<string, string>> {
  if (tampering === 'timestamp') return { ...query, timestamp: String(Number(query['timestamp']) - 1) };
  if (tampering !== 'signature') return query;
  return Object.fromEntries(
    Object.entries(query).map(([name, text]) => [name, name.endsWith('signature') ? spoilHex(text) : text]),
  );
}

/** Another text of the same form. */
export function spoilHex(text: string): string {
  return `${text.startsWith('0') ? '1' : '0'}${text.slice(1)}`;
}

/** Another ciphertext, in Base64 as right as before. */
function spoilBody({ body, encrypt = '' }: SealedPush): string {
  const middle = Math.floor(encrypt.length / 2);
  const other = encrypt.charAt(middle) === 'A' ? 'B' : 'A';
  return body.replace(encrypt, `${encrypt.slice(0, middle)}${other}${encrypt.slice(middle + 1)}`);
}

function otherAppId(appId: string | undefined): string {
  return appId === 'wx0000000000000000' ? 'wx0000000000000001' : 'wx0000000000000000';
}

/** Sends one push and waits five seconds. Rejects only when it is interrupted. */
export async function deliver(
  world: PushWorld,
  target: PushTarget,
  push: Push,
  request: PushRequest = createPushRequest(world, target, push),
): Promise<Delivery> {
  const sentAtMs = world.clock.now();
  const exchange = await exchangeWith(world, request);
  return { request, sentAtMs, exchange, ...judgeExchange(target, push, exchange) };
}

function judgeExchange(
  target: PushTarget,
  { message }: Push,
  exchange: ServerExchange,
): Pick<Delivery, 'finding' | 'verdict' | 'userSees'> {
  const { response, url } = exchange;
  const sealed = target.mode === 'safe';
  const finding =
    response === undefined
      ? networkFinding(exchange)
      : judgeStatus({ ...response, url, method: 'POST', sealed });
  if (response === undefined || finding !== undefined) {
    const userSees = showsReply(message, target.format) ? 'unavailable' : 'nothing';
    return { finding, verdict: undefined, userSees };
  }
  const { mode, format } = target;
  const encrypted = mode !== 'plain';
  const verdict = judgeReply({ body: response.body, message, format, mode, encrypted, secrets: target });
  return { finding: undefined, verdict, userSees: verdict.userSees };
}

/**
 * Delivers as the platform does: up to three times with the same message, each with a new timestamp and nonce, until
 * an answer comes in time. Redirects are not followed. `onDelivery` hears of each attempt when it has ended.
 */
export async function deliverLikePlatform(
  world: PushWorld,
  target: PushTarget,
  push: Push,
  onDelivery: (delivery: Delivery) => void = () => {},
): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const delivery = await deliver(world, target, push);
    deliveries.push(delivery);
    onDelivery(delivery);
    if (delivery.verdict !== undefined) break;
  }
  return deliveries;
}

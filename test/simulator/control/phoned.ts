/** A simulator with a follower and a developer's server that a function plays. */
import { WechatMpError } from '../../../src/core/errors.ts';
import type { HttpRequest } from '../../../src/io/ports.ts';
import type { PhoneResult, PushView } from '../../../src/simulator/control/types/index.ts';
import { simulate, type JsonAnswer, type Simulated } from '../simulated.ts';

export const callbackToken = 'AAAAA';
export const alice = 'oAlice_0000000000000000000001';

/** The body of the answer, or a whole one. */
type ServerAnswer = string | { readonly status: number; readonly body?: string };

export interface Phoned extends Simulated {
  /** What the developer's server received, oldest first. */
  readonly received: HttpRequest[];
  act(action: string, body?: Readonly<Record<string, unknown>>): Promise<PhoneResult>;
  /** Pushes a menu by API. */
  pushMenu(...buttons: readonly unknown[]): Promise<void>;
  /** A permanent or temporary code made by API. */
  createCode(body: unknown): Promise<{ readonly ticket: string; readonly url: string }>;
  pushes(): Promise<readonly PushView[]>;
}

/** Alice follows; every push is answered by the function, `success` by default. */
export async function phoned(
  answer: (request: HttpRequest) => ServerAnswer | Promise<ServerAnswer> = () => 'success',
  options: Parameters<typeof simulate>[0] = {},
): Promise<Phoned> {
  const received: HttpRequest[] = [];
  const simulated = simulate({
    account: { callbackToken },
    callback: { url: 'http://localhost:3000/wechat' },
    openFetch: async () => async (request) => {
      received.push(request);
      const given = await answer(request);
      const { status, body = '' } = typeof given === 'string' ? { status: 200, body: given } : given;
      return { status, headers: {}, body: Buffer.from(body) };
    },
    ...options,
  });
  await simulated.call('POST', '/_ctl/followers', { openid: alice, nickname: 'Alice' });
  return {
    ...simulated,
    received,
    act: async (action, body = {}) =>
      (await simulated.ask('POST', `/_ctl/phone/${alice}/${action}`, body)) as unknown as PhoneResult,
    pushMenu: async (...button) => {
      const answered = await simulated.ask('POST', await simulated.path('/cgi-bin/menu/create'), { button });
      if (answered.errcode !== 0) throw new Error(JSON.stringify(answered));
    },
    createCode: async (body) => {
      const path = await simulated.path('/cgi-bin/qrcode/create');
      return (await simulated.ask('POST', path, body)) as JsonAnswer & { ticket: string; url: string };
    },
    pushes: async () => (await simulated.ask('GET', '/_ctl/pushes')) as unknown as readonly PushView[],
  };
}

/** What stands between the common elements and the end of a push in the clear. */
export function ownFields(xml: string): string {
  return xml.replace(/^.*?<\/CreateTime>\s*/s, '').replace(/\s*<\/xml>$/, '');
}

/** A passive reply with this content. */
export function reply(toUser: string, fromUser: string, rest: string): string {
  return `<xml><ToUserName><![CDATA[${toUser}]]></ToUserName><FromUserName><![CDATA[${fromUser}]]></FromUserName><CreateTime>1768449600</CreateTime>${rest}</xml>`;
}

/** What the client throws where nothing listens. */
export function refused(): WechatMpError {
  return new WechatMpError({
    family: 'network',
    type: 'refused',
    text: { en: 'The connection was refused', zh: '连接被拒绝' },
    facts: { phase: 'connect', request_sent: false },
  });
}

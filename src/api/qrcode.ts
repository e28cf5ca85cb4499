/** QR codes with a scene (带参数二维码). */
import { WechatMpError } from '../core/errors.ts';
import { qrRequestBody, type QrScene } from '../core/qrcode/index.ts';
import { defined } from '../core/text/defined.ts';
import type { Answer, Proof } from './answer.ts';
import type { Client } from './client.ts';

export interface CreatedQrcode {
  /** Key of the picture; may hold `+`, `/` and `=`. */
  readonly ticket: string;
  /** What the code says when it is scanned. */
  readonly url: string;
  /** Missing for a permanent code. */
  readonly expiresInSeconds?: number;
}

/**
 * 生成带参数的二维码: `POST /cgi-bin/qrcode/create`. The scene is not checked here.
 * Each answer makes a code: a permanent one counts for ever and cannot be deleted, a temporary one counts among the
 * 100,000 of the day. So neither is asked for again once it may have been made.
 */
export async function createQrcode(client: Client, scene: QrScene): Promise<CreatedQrcode> {
  return await client.call({
    effect: 'write',
    method: 'POST',
    path: '/cgi-bin/qrcode/create',
    body: qrRequestBody(scene),
    proof: createdCode,
    check: scene.permanent
      ? {
          en: 'Permanent codes cannot be listed: run it again with the same scene, and at worst one of the 100000 is lost',
          zh: '永久二维码无法查询：可用相同场景值再运行一次，最坏情况是多占用 10 万个名额中的一个',
        }
      : {
          en: 'Run it again: at worst one more of the 100000 codes of the day is used',
          zh: '可以重新运行：最坏情况是多占用当天 10 万次中的一次',
        },
  });
}

const createdCode: Proof<CreatedQrcode> = {
  wanted: { en: 'a valid "ticket" with its "url"', zh: '有效的“ticket”和“url”' },
  find: ({ fields: { ticket, url, expire_seconds: expires } }) => {
    if (typeof ticket !== 'string' || !/^[\x21-\x7e]{1,512}$/.test(ticket)) return undefined;
    if (typeof url !== 'string' || !/^(?:https?|weixin):\/\/[\x21-\x7e]{1,1024}$/.test(url)) return undefined;
    const lives = typeof expires === 'number' && expires > 0;
    return { ticket, url, ...defined({ expiresInSeconds: lives ? expires : undefined }) };
  },
};

/**
 * 通过 ticket 换取二维码: `GET /cgi-bin/showqrcode` on mp.weixin.qq.com, without a token. Returns the bytes of a JPEG.
 * Throws family `api`, type `qr_ticket_invalid`, for a ticket that the platform does not know, and family `network`,
 * type `not_an_image`, for anything else that is no JPEG.
 * Quirk: a bad ticket is answered with HTTP 404, an expired one with a picture.
 * Quirk: the content type is `image/jpg`, although `image/jpeg` is the registered name.
 */
export async function fetchQrImage(client: Client, ticket: string): Promise<Uint8Array> {
  return await client.call({
    effect: 'read',
    method: 'GET',
    path: '/cgi-bin/showqrcode',
    query: { ticket },
    proof: picture,
    token: false,
    raw: true,
    host: 'mp.weixin.qq.com',
    secrets: [ticket],
  });
}

const picture: Proof<Uint8Array> = {
  wanted: { en: 'a JPEG picture', zh: 'JPEG 图片' },
  find({ status, headers, bytes }: Answer) {
    if (status === 404) throw unknownTicket();
    const isPicture = /^image\/jpe?g\b/i.test(headers['content-type'] ?? '') && isJpeg(bytes);
    if (status !== 200 || !isPicture) throw notAnImage(status);
    return bytes;
  },
};

/** Begins with SOI and a marker, ends with EOI: a picture that was cut is none. */
function isJpeg(bytes: Uint8Array): boolean {
  const [first, second, third] = bytes;
  return (
    first === 0xff && second === 0xd8 && third === 0xff && bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9
  );
}

function unknownTicket(): WechatMpError {
  return new WechatMpError({
    family: 'api',
    type: 'qr_ticket_invalid',
    text: { en: 'WeChat does not know this QR ticket', zh: '微信不认识该二维码 ticket' },
    hint: {
      en: 'Give the whole ticket as it was printed, or make a new code: wechat-mp qr create',
      zh: '请使用完整的 ticket，或重新生成：wechat-mp qr create',
    },
    facts: { http_status: 404 },
  });
}

function notAnImage(status: number): WechatMpError {
  return new WechatMpError({
    family: 'network',
    type: 'not_an_image',
    text: {
      en: `The answer is not a whole JPEG picture (HTTP ${status})`,
      zh: `应答不是完整的 JPEG 图片（HTTP ${status}）`,
    },
    hint: {
      en: 'Try again; then look at the exchange with --debug',
      zh: '请重试，或用 --debug 查看交互过程',
    },
    facts: { http_status: status },
  });
}

/** 生成带参数的二维码: creating a code, and its picture (showqrcode). */
import { defined } from '../../../core/text/defined.ts';
import { bytesAnswer } from '../../server/answers.ts';
import { type BrowserPage, post, wholeBody } from '../../server/endpoint.ts';

const cacheSeconds = 604_800;

export const calls = [
  post('/cgi-bin/qrcode/create', {
    reads: wholeBody,
    answer(fields, { qrCodes }) {
      const { ticket, url, expireSeconds } = qrCodes.create(fields.body);
      return { ticket, ...defined({ expire_seconds: expireSeconds }), url };
    },
  }),
];

export const qrcodePages: readonly BrowserPage[] = [
  // Quirk: on mp.weixin.qq.com, for anybody, without a token; a bad ticket is a bare 404.
  {
    method: 'GET',
    path: '/cgi-bin/showqrcode',
    async answer(context, { clock, qrCodes }) {
      const code = qrCodes.find(context.req.query('ticket') ?? '');
      // Whether the platform keeps the picture of an expired code is not settled; here it is gone, so that nobody prints it.
      if (code === undefined || qrCodes.isExpired(code)) return new Response(null, { status: 404 });
      const { drawQrJpeg } = await import('../../pictures/qr-code.ts');
      return bytesAnswer(drawQrJpeg(code.url), {
        'accept-ranges': 'bytes',
        'cache-control': `max-age=${cacheSeconds}`,
        // Quirk: the documentation's header sample says image/jpg, which is not a registered type.
        'content-type': 'image/jpg',
        expires: new Date(clock.now() + cacheSeconds * 1000).toUTCString(),
      });
    },
  },
];

/** 生成带参数的二维码: creating a code, and its picture (showqrcode). */
import { addEndpoint, type ApiApp } from '../../server/endpoint.ts';
import type { Platform } from '../../account/platform.ts';

const cacheSeconds = 604_800;

export function addQrcodeRoutes(app: ApiApp, platform: Platform): void {
  addEndpoint(app, platform, {
    method: 'POST',
    path: '/cgi-bin/qrcode/create',
    credential: 'access_token',
    answer: (call) => {
      const { ticket, url, expireSeconds } = platform.qrCodes.create(call.json());
      return { ticket, ...(expireSeconds !== undefined && { expire_seconds: expireSeconds }), url };
    },
  });
  // Quirk: on mp.weixin.qq.com, for anybody, without a token; a bad ticket is a bare 404.
  app.get('/cgi-bin/showqrcode', async (context) => {
    const code = platform.qrCodes.find(context.req.query('ticket') ?? '');
    // Whether the platform keeps the picture of an expired code is not settled; here it is gone, so that nobody prints it.
    if (code === undefined || platform.qrCodes.isExpired(code)) return new Response(null, { status: 404 });
    const { drawQrJpeg } = await import('./image.ts');
    return new Response(drawQrJpeg(code.url), {
      headers: {
        'accept-ranges': 'bytes',
        'cache-control': `max-age=${cacheSeconds}`,
        // Quirk: the documentation's header sample says image/jpg, which is not a registered type.
        'content-type': 'image/jpg',
        expires: new Date(platform.clock.now() + cacheSeconds * 1000).toUTCString(),
      },
    });
  });
}

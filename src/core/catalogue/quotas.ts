/** How often an account may make a call（接口调用频次）, by path: what the platform's pages name. */
export interface CallQuota {
  readonly day?: number;
  /** A day, of a test account（测试号）, where the platform names another figure. */
  readonly testDay?: number;
  readonly month?: number;
}

export const callQuotas: Readonly<Record<string, CallQuota>> = {
  '/cgi-bin/token': { day: 2000, testDay: 200 },
  '/cgi-bin/stable_token': { day: 500_000 },
  '/cgi-bin/ticket/getticket': { day: 1_000_000 },
  '/cgi-bin/menu/create': { day: 1000, testDay: 100 },
  '/cgi-bin/menu/get': { day: 10_000, testDay: 1000 },
  '/cgi-bin/menu/delete': { day: 1000, testDay: 100 },
  '/cgi-bin/menu/addconditional': { day: 2000 },
  '/cgi-bin/menu/delconditional': { day: 2000 },
  '/cgi-bin/menu/trymatch': { day: 20_000 },
  '/cgi-bin/qrcode/create': { day: 100_000, testDay: 10_000 },
  '/cgi-bin/user/get': { day: 500, testDay: 100 },
  '/cgi-bin/user/info': { day: 5_000_000, testDay: 500_000 },
  '/cgi-bin/user/info/updateremark': { day: 10_000 },
  '/cgi-bin/message/custom/send': { day: 500_000, testDay: 50_000 },
  '/cgi-bin/message/template/send': { day: 100_000 },
  '/cgi-bin/message/mass/sendall': { day: 100 },
  '/cgi-bin/message/mass/send': { day: 100 },
  '/cgi-bin/message/mass/preview': { day: 100 },
  '/cgi-bin/message/mass/delete': { day: 10 },
  '/cgi-bin/media/uploadnews': { day: 10 },
  // Newer tables have twenty times as much, unconfirmed.
  '/cgi-bin/media/upload': { day: 5000, testDay: 500 },
  '/cgi-bin/media/get': { day: 10_000, testDay: 1000 },
  // Together with clear_quota/v2.
  '/cgi-bin/clear_quota': { month: 10 },
  '/cgi-bin/clear_quota/v2': { month: 10 },
  '/cgi-bin/openapi/quota/clear': { month: 50 },
  '/cgi-bin/shorturl': { day: 1000 },
  '/cgi-bin/wxopen/qrcodejumppublish': { month: 100 },
  '/cgi-bin/groups/create': { day: 1000 },
  '/cgi-bin/groups/get': { day: 1000 },
  '/cgi-bin/groups/update': { day: 1000 },
  '/cgi-bin/groups/members/update': { day: 100_000 },
  '/customservice/msgrecord/getmsglist': { day: 5000 },
  '/semantic/semproxy/search': { day: 1000 },
  '/cv/ocr/idcard': { day: 100 },
  '/cv/ocr/bankcard': { day: 100 },
  '/cv/ocr/driving': { day: 100 },
  '/cv/ocr/drivinglicense': { day: 100 },
  '/cv/ocr/bizlicense': { day: 100 },
  '/cv/ocr/comm': { day: 100 },
  '/cv/ocr/platenum': { day: 100 },
  '/cv/ocr/menu': { day: 100 },
  '/cv/img/qrcode': { day: 100 },
  '/cv/img/superresolution': { day: 100 },
  '/cv/img/aicrop': { day: 100 },
};

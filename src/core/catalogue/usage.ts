/** What is left of the day's calls（接口调用额度）. */

/** As `openapi/quota/get` tells it. */
export interface CallUsage {
  readonly path: string;
  /** Quirk: 0 for a call that the account may not make at all, 50,000,000 for as good as no limit. */
  readonly dailyLimit: number;
  readonly used: number;
  /** May be a little off, and below 0. */
  readonly remain: number;
  /** Missing where nothing but the day counts. */
  readonly rate?: { readonly calls: number; readonly seconds: number };
}

/** Less than a tenth of what there is a day; also none at all. Of a call without any a day there is nothing to use up. */
export function isNearlyUsedUp({ dailyLimit, remain }: CallUsage): boolean {
  return dailyLimit > 0 && remain < dailyLimit / 10;
}

/** One call for each thing that some accounts may do and others not: what is asked about where nobody names a call. */
export const usualCalls: readonly string[] = [
  '/cgi-bin/menu/create',
  '/cgi-bin/qrcode/create',
  '/cgi-bin/ticket/getticket',
  '/cgi-bin/user/info',
  '/cgi-bin/tags/create',
  '/cgi-bin/media/upload',
  '/cgi-bin/draft/add',
  '/cgi-bin/freepublish/submit',
  '/cgi-bin/message/custom/send',
  '/cgi-bin/message/template/send',
  '/cgi-bin/message/mass/sendall',
  '/customservice/kfaccount/add',
];

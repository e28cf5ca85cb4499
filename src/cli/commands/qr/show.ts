/** `qr show`: a code that exists already, out of its ticket or url (通过 ticket 换取二维码). */
import { inputError, usageError } from '../../../core/errors.ts';
import { parseQrTicket, type QrTicket } from '../../../core/qrcode/index.ts';
import { excerpt } from '../../../core/text/sanitise.ts';
import type { Context } from '../../context.ts';
import { checkOutput, isStdout, writeOutput } from '../../files/output-file.ts';
import { defineCommand, flag, value } from '../../frame/command.ts';
import { openPublicClient } from '../../settings/platform.ts';
import { drawQr } from './drawing.ts';

export const command = defineCommand({
  arguments: [
    {
      name: '<code>',
      text: {
        en: 'A ticket, percent-encoded or not, a showqrcode address, or the url that a code holds',
        zh: 'ticket（是否 URL 编码均可）、showqrcode 地址，或二维码内容的 url',
      },
    },
  ],
  options: {
    out: value('--out <file>', {
      en: 'Save the JPEG of WeChat, or a drawing as .svg; "-" for stdout',
      zh: '保存微信的 JPEG 图片，或以 .svg 保存矢量图；“-”表示 stdout',
    }),
    force: flag('--force', { en: 'Replace whatever file is there', zh: '无条件覆盖已有文件' }),
    offline: flag('--offline', {
      en: 'Only read the ticket; do not ask WeChat whether it knows it',
      zh: '仅读取 ticket，不向微信查询',
    }),
  },
  examples: [
    {
      command: 'wechat-mp qr show http://weixin.qq.com/q/02wPFKBmPJfu21QQPIxycG',
      text: { en: 'Draw what a code holds', zh: '画出二维码' },
    },
    {
      command: 'wechat-mp qr show --offline "$TICKET"',
      text: { en: 'Url and life out of a ticket', zh: '从 ticket 读出 url 和有效期' },
    },
  ],
  output: {
    en: 'The url that the code holds; the code is drawn on stderr (not with --quiet). Url and life are read out of the ticket, whose layout WeChat does not document: it was observed. No account is needed.\nJSON: {"ticket","url","created_at","expires_at","expired","known","file","bytes"}; "known" is null where WeChat was not asked',
    zh: '二维码内容的 url；二维码画在 stderr（--quiet 除外）。url 和有效期从 ticket 中读出，其格式微信未公开，系观察所得。无需账号。\nJSON：{"ticket","url","created_at","expires_at","expired","known","file","bytes"}；未向微信查询时 "known" 为 null',
  },
  exitCodes: { 4: { en: 'WeChat does not know the ticket', zh: '微信不认识该 ticket' } },
  effect: 'local',
  async run(context, { arguments: [text = ''], options }) {
    const code = readCode(text);
    const { out } = options;
    const isSvg = out !== undefined && /\.svg$/i.test(out);
    checkFlags(code, { ...options, isSvg });
    if (out !== undefined)
      await checkOutput(context, out, { force: options.force, picture: !isSvg, differs: () => true });
    const image =
      code.ticket === undefined || options.offline ? undefined : await fetchImage(context, code.ticket);
    const saved = isSvg ? await drawSvg(code) : image;
    if (out !== undefined && saved !== undefined)
      await writeOutput(context, out, saved, { force: options.force, picture: !isSvg });
    await tell(context, code, {
      asked: image !== undefined,
      out,
      bytes: out === undefined || saved === undefined ? undefined : Buffer.byteLength(saved),
    });
  },
});

interface Code {
  readonly ticket: string | undefined;
  /** `undefined` for a ticket that does not tell. */
  readonly url: string | undefined;
  readonly life: QrTicket | undefined;
}

function readCode(text: string): Code {
  const trimmed = text.trim();
  const asked =
    /^https?:\/\/[^?#]*\/showqrcode\?/i.test(trimmed) && URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (asked === undefined && /^(?:https?|weixin):\/\/[\x21-\x7e]{1,1024}$/i.test(trimmed)) {
    return { ticket: undefined, url: trimmed, life: undefined };
  }
  // A "+" that went through a form has become a blank.
  const ticket = (asked?.searchParams.get('ticket') ?? decodePercent(trimmed)).replaceAll(' ', '+');
  if (!/^[A-Za-z0-9+/_-]{16,510}={0,2}$/.test(ticket)) throw notATicket(text);
  const life = parseQrTicket(ticket);
  const url =
    life?.url !== undefined && /^(?:https?|weixin):\/\/[\x21-\x7e]+$/.test(life.url) ? life.url : undefined;
  return { ticket, url, life: url === undefined ? undefined : life };
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

interface Wishes {
  readonly offline: boolean;
  readonly out?: string | undefined;
  readonly isSvg: boolean;
}

/** What cannot be done with this code is refused before anything is sent. */
function checkFlags({ ticket, url }: Code, { offline, out, isSvg }: Wishes): void {
  if (url === undefined && (offline || out === undefined || isSvg)) throw unreadableTicket();
  if (out === undefined || isSvg) return;
  if (ticket === undefined) {
    throw usageError(
      'ticket_needed',
      {
        en: 'The image of WeChat is found by its ticket, not by its url',
        zh: '微信的图片需要用 ticket 获取，不能用 url',
      },
      {
        en: 'Give the ticket, or draw it: --out code.svg',
        zh: '请提供 ticket，或保存矢量图：--out code.svg',
      },
    );
  }
  if (offline) {
    throw usageError(
      'flags_conflict',
      { en: 'Flag --offline cannot fetch the image of WeChat', zh: '--offline 无法下载微信的图片' },
      { en: 'Leave it out, or draw the code: --out code.svg', zh: '请去掉它，或保存矢量图：--out code.svg' },
    );
  }
}

async function fetchImage(context: Context, ticket: string): Promise<Uint8Array> {
  const { fetchQrImage } = await import('../../../api/qrcode.ts');
  const client = await openPublicClient(context);
  return await context.wait(
    { en: 'Asking for the code', zh: '正在获取二维码' },
    fetchQrImage(client, ticket),
  );
}

async function drawSvg({ url = '' }: Code): Promise<string> {
  const { renderSVG } = await import('uqr');
  return `${renderSVG(url, { ecc: 'M', border: 4 })}\n`;
}

interface Told {
  readonly asked: boolean;
  readonly out: string | undefined;
  readonly bytes: number | undefined;
}

async function tell(
  context: Context,
  { ticket, url, life }: Code,
  { asked, out, bytes }: Told,
): Promise<void> {
  const expiresAtMs = life === undefined ? undefined : expiryOf(life);
  const expired = expiresAtMs === undefined ? null : expiresAtMs <= context.io.clock.now();
  if (life !== undefined && !context.options.json) noteLife(context, life, expiresAtMs, expired === true);
  if (url !== undefined && !context.options.json && !context.options.quiet) await drawQr(context, url);
  if (out !== undefined && isStdout(out)) return;
  context.print(
    {
      ticket: ticket ?? null,
      url: url ?? null,
      created_at: iso(life && life.createdAtSeconds * 1000),
      expires_at: iso(expiresAtMs),
      expired,
      known: asked ? true : null,
      file: out ?? null,
      bytes: bytes ?? null,
    },
    url ?? '',
  );
}

function iso(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}

/** Quirk: the documentation's ticket of 2014 has the moment itself where all others have seconds from the creation. */
function expiryOf({ createdAtSeconds, expireSeconds }: QrTicket): number | undefined {
  if (expireSeconds === undefined) return undefined;
  return (expireSeconds > createdAtSeconds ? expireSeconds : createdAtSeconds + expireSeconds) * 1000;
}

function noteLife(context: Context, life: QrTicket, expiresAtMs: number | undefined, expired: boolean): void {
  const created = shownTime(life.createdAtSeconds * 1000);
  const ends = expiresAtMs === undefined ? undefined : shownTime(expiresAtMs);
  const text = {
    en: `Read out of the ticket (an observed layout, not a documented one): created ${created}${ends === undefined ? '' : `, ${expired ? 'expired' : 'expires'} ${ends}`}`,
    zh: `从 ticket 读出（格式系观察所得，官方未公开）：创建于 ${created}${ends === undefined ? '' : `，${expired ? '已于' : '将于'} ${ends} 过期`}`,
  };
  if (expired) context.warn(text);
  else context.note(text);
}

function shownTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

function notATicket(text: string): Error {
  const shown = excerpt(text, 40);
  return inputError(
    'ticket_invalid',
    {
      en: `Cannot use "${shown}": it is neither a ticket nor a url`,
      zh: `无法使用“${shown}”：既不是 ticket 也不是 url`,
    },
    {
      en: 'Give what qr create --json calls "ticket" or "url"',
      zh: '请提供 qr create --json 输出的 "ticket" 或 "url"',
    },
  );
}

function unreadableTicket(): Error {
  return inputError(
    'ticket_unreadable',
    {
      en: 'Cannot read a url out of this ticket: it does not have the layout that was observed',
      zh: '无法从该 ticket 读出 url：其格式与观察到的不同',
    },
    { en: 'Fetch its image instead: --out qr.jpg', zh: '可改为下载图片：--out qr.jpg' },
  );
}

/** 一次性订阅消息: the page on which a person allows the account one message. */
import { askOnPage, askWho, goAs, personOf, tellOnPage } from '../sns/pages.ts';
import type { BrowserPage } from '../../server/endpoint.ts';
import type { Platform } from '../../account/platform.ts';
import { oneTimeTemplateId, parseScene } from './state.ts';

const maxReservedBytes = 128;

interface Wanted {
  readonly scene: number;
  readonly redirectUrl: URL;
  /** `undefined` where the link has none. */
  readonly reserved: string | undefined;
}

export const subscribePages: readonly BrowserPage[] = [
  {
    method: 'GET',
    path: '/mp/subscribemsg',
    answer: ({ req }, platform) => askToSubscribe(platform, req.raw),
  },
];

function askToSubscribe(platform: Platform, request: Request): Response {
  const wanted = readLink(platform, new URL(request.url).searchParams);
  if (typeof wanted === 'string') return refuseLink(request, wanted);
  const person = personOf(request, platform);
  if (person === undefined) return askWho(platform, request, pathOf(request));
  const account = platform.settings.name || platform.account.originalId;
  return askOnPage(
    platform,
    request,
    {
      title: { en: 'Receive one message?', zh: '接收一条消息？' },
      lines: [
        {
          en: `The account ${account} asks to send you one message`,
          zh: `公众号 ${account} 申请向你发送一条消息`,
        },
        { en: `You are ${person.nickname}`, zh: `当前用户：${person.nickname}` },
      ],
      buttons: [
        { value: 'confirm', words: { en: 'Allow', zh: '同意' } },
        { value: 'cancel', words: { en: 'Decline', zh: '取消' } },
      ],
    },
    ({ button }) => {
      const isAllowed = button === 'confirm';
      if (isAllowed) platform.subscriptions.allowOnce(person.openId, wanted.scene);
      return goAs(person.openId, redirectOf(wanted, isAllowed ? person.openId : undefined));
    },
  );
}

/** What the link asks for, or the parameter that is wrong. */
function readLink({ account }: Platform, query: URLSearchParams): Wanted | string {
  const scene = parseScene(query.get('scene') ?? undefined);
  const redirect = query.get('redirect_url') ?? '';
  const redirectUrl = URL.canParse(redirect) ? new URL(redirect) : undefined;
  const reserved = query.get('reserved') ?? undefined;
  if (query.get('action') !== 'get_confirm') return 'action';
  if (query.get('appid') !== account.appId) return 'appid';
  if (scene === undefined) return 'scene';
  if (query.get('template_id') !== oneTimeTemplateId) return 'template_id';
  if (redirectUrl === undefined || !/^https?:$/.test(redirectUrl.protocol)) return 'redirect_url';
  if (reserved !== undefined && !isReserved(reserved)) return 'reserved';
  return { scene, redirectUrl, reserved };
}

function isReserved(text: string): boolean {
  return /^[A-Za-z0-9_-]*$/.test(text) && Buffer.byteLength(text) <= maxReservedBytes;
}

function refuseLink(request: Request, parameter: string): Response {
  return tellOnPage(request, {
    title: { en: 'Wrong parameter', zh: '参数错误' },
    lines: [
      {
        en: `The link has a wrong "${parameter}"`,
        zh: `链接中的“${parameter}”参数错误`,
      },
      {
        en: 'A right one has action=get_confirm, appid, scene (0 to 10000), template_id, redirect_url and perhaps reserved',
        zh: '正确的链接包含 action=get_confirm、appid、scene（0 到 10000）、template_id、redirect_url，可另带 reserved',
      },
    ],
    status: 400,
  });
}

function pathOf(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}

/** Quirk: the openid comes only with a consent. */
function redirectOf({ redirectUrl, scene, reserved }: Wanted, openId: string | undefined): string {
  const url = new URL(redirectUrl);
  if (openId !== undefined) url.searchParams.set('openid', openId);
  url.searchParams.set('template_id', oneTimeTemplateId);
  url.searchParams.set('action', openId === undefined ? 'cancel' : 'confirm');
  url.searchParams.set('scene', String(scene));
  if (reserved !== undefined) url.searchParams.set('reserved', reserved);
  return url.href;
}

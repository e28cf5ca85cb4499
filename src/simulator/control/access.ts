/** What a phone does with pages of the account's（网页授权）, and what the administrator says to new addresses. */
import type { Hono } from 'hono';
import type { AuthorizeResult, BrowseResult, IpRequestView, RevokeResult } from './types/index.ts';
import type { Follower } from '../nouns/user/state.ts';
import type { Platform } from '../account/platform.ts';
import { addressAs, checkPerson, grantTo, parseAuthorizeRequest } from '../nouns/sns/pages.ts';
import {
  adviseOnAuthorizeUrl,
  authorizePath,
  AuthorizeRefusal,
  type AuthorizeRequest,
} from '../../core/account/index.ts';
import { tellFollower, type Control } from './control.ts';
import {
  checkKeys,
  optionalFlag,
  optionalText,
  personNamed,
  readBody,
  refuse,
  requiredText,
  type Body,
} from './input.ts';
import {
  authorizeAddressForm,
  mustBeFlag,
  revokeInfoForm,
  unknownAddress,
  weChatRefuses,
  webAddressForm,
} from './texts.ts';

/** 昵称、头像: what `snsapi_userinfo` tells. */
const nameAndPicture = '205';

export function addAccessRoutes(app: Hono, control: Control): void {
  const { platform } = control.traffic;
  const actions: Readonly<Record<string, (person: Follower, body: Body, origin: string) => unknown>> = {
    browse: (person, body, origin) => browse(platform, person, body, origin),
    authorize: (person, body) => authorize(platform, person, body),
    revoke: (person, body) => revoke(platform, person, body),
    password: ({ openId }, body) => {
      checkKeys(body, []);
      return { ended: platform.webGrants.endAll(openId) } satisfies RevokeResult;
    },
    profile: (person, body) => changeProfile(platform, person, body),
  };
  for (const [name, act] of Object.entries(actions)) {
    app.post(`/phone/:openid/${name}`, async (context) => {
      const openId = context.req.param('openid');
      const person = personNamed(platform, openId);
      const result = act(person, await readBody(context), new URL(context.req.url).origin);
      if (name === 'profile') tellFollower(control, openId);
      return context.json(result as object);
    });
  }
  app.get('/ip-requests', (context) => context.json(platform.ipRequests.list()));
  app.post('/ip-requests', async (context) => {
    const decided = decide(platform, await readBody(context));
    control.tell('ip_requests');
    return context.json(decided);
  });
}

function browse(platform: Platform, { openId }: Follower, body: Body, origin: string): BrowseResult {
  checkKeys(body, ['url'], ['url']);
  const url = requiredText(body, 'url');
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return refuse(webAddressForm);
  return { url: `${origin}${addressAs(platform, openId, new URL(url).href)}` };
}

function authorize(platform: Platform, follower: Follower, body: Body): AuthorizeResult {
  checkKeys(body, ['url', 'allow', 'snapshot'], ['url']);
  const allow = optionalFlag(body, 'allow') ?? true;
  const isSnapshot = optionalFlag(body, 'snapshot') ?? false;
  const address = requiredText(body, 'url');
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.pathname !== authorizePath) return refuse(authorizeAddressForm(authorizePath));
  const wanted = parse(platform, follower, url);
  const notes = adviseOnAuthorizeUrl(url);
  // Nobody is asked for the openid alone, so nobody can refuse it.
  if (!allow && wanted.scope === 'snsapi_userinfo') return { redirect_url: null, code: null, notes };
  const person = isSnapshot
    ? platform.followers.put(undefined, { follows: false, nickname: '微信用户' }).openId
    : follower.openId;
  const { code, location } = grantTo(platform, person, wanted, isSnapshot);
  return { redirect_url: location, code, notes };
}

function parse(platform: Platform, follower: Follower, url: URL): AuthorizeRequest {
  try {
    const wanted = parseAuthorizeRequest(url.searchParams, platform);
    checkPerson(follower, platform);
    return wanted;
  } catch (error) {
    if (!(error instanceof AuthorizeRefusal)) throw error;
    const { code, words, reason } = error;
    const shown = code === undefined ? words : `${words} ${code}`;
    return refuse(weChatRefuses(shown, reason), 'authorize_refused');
  }
}

/** 用户撤回. Quirk: only withdrawing name and picture changes what the web tokens may do. */
function revoke(platform: Platform, person: Follower, body: Body): RevokeResult {
  checkKeys(body, ['info']);
  const info = optionalText(body, 'info') ?? nameAndPicture;
  if (!/^\d{1,3}$/.test(info)) return refuse(revokeInfoForm);
  const ended = info === nameAndPicture ? platform.webGrants.withdraw(person.openId) : 0;
  postAbout(platform, person, 'user_authorization_revoke', { RevokeInfo: info });
  return { ended };
}

/** 用户资料变更. */
function changeProfile(platform: Platform, person: Follower, body: Body): Readonly<Record<string, unknown>> {
  checkKeys(body, ['nickname'], ['nickname']);
  const nickname = requiredText(body, 'nickname');
  platform.followers.put(person.openId, { nickname });
  postAbout(platform, person, 'user_info_modified', {});
  return { nickname };
}

function postAbout(
  { outbox, account }: Platform,
  { openId, unionId }: Follower,
  sampleId: string,
  fields: Readonly<Record<string, string>>,
): void {
  outbox.post({
    sampleId,
    fields: {
      OpenID: openId,
      AppID: account.appId,
      ...(unionId !== '' && { UnionID: unionId }),
      ...fields,
    },
  });
}

function decide({ ipRequests }: Platform, body: Body): IpRequestView {
  checkKeys(body, ['address', 'allow'], ['address', 'allow']);
  const address = requiredText(body, 'address');
  const allow = optionalFlag(body, 'allow');
  if (allow === undefined) return refuse(mustBeFlag('allow'));
  return ipRequests.decide(address, allow) ?? refuse(unknownAddress(address), 'unknown_address');
}

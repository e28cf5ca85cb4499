/** 网页授权 in the browser: the address that a page sends people to, and the answers of its forms. */
import { answerPath, askOnPage, tellOnPage } from './consent-page.ts';
import type { BrowserPage } from '../../server/endpoint.ts';
import { isForeign } from '../../server/foreigners.ts';
import {
  authorizePath,
  AuthorizeRefusal,
  type AuthorizeRequest,
  mayCall,
  parseAuthorizeQuery,
} from '../../../core/account/index.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Follower } from '../user/state.ts';
import type { Platform } from '../../account/platform.ts';

export { askOnPage, tellOnPage };

/** Sides of a picture of somebody by the last part of its address. */
const pictureSides: ReadonlyMap<string, number> = new Map([
  ['0', 640],
  ['46', 46],
  ['64', 64],
  ['96', 96],
  ['132', 132],
]);

export const webAuthorisationPages: readonly BrowserPage[] = [
  {
    method: 'GET',
    path: '/mmopen/:name/:side',
    async answer(context) {
      const side = pictureSides.get(context.req.param('side') ?? '');
      if (side === undefined) return new Response(null, { status: 404 });
      const { drawHeadImage } = await import('../../pictures/head-image.ts');
      return new Response(drawHeadImage(context.req.param('name') ?? '', side), {
        headers: { 'content-type': 'image/jpeg', 'cache-control': 'max-age=604800' },
      });
    },
  },
  {
    method: 'GET',
    path: authorizePath,
    answer(context, platform) {
      const request = context.req.raw;
      try {
        const wanted = parseAuthorizeRequest(new URL(request.url).searchParams, platform);
        return authorize(platform, request, wanted);
      } catch (error) {
        if (error instanceof AuthorizeRefusal) return refusalPage(request, error);
        throw error;
      }
    },
  },
  {
    method: 'POST',
    path: answerPath,
    async answer(context, platform) {
      const request = context.req.raw;
      // Only the page that was shown here may press its buttons.
      if (isForeign(request)) return tellOnPage(request, foreignPage);
      const fields = new URLSearchParams(await context.req.text());
      const answer = platform.forms.take(fields.get('form') ?? '');
      if (answer === undefined) return tellOnPage(request, oldPage);
      return answer(
        { button: fields.get('button') ?? '', choice: fields.get('choice') ?? undefined },
        request,
      );
    },
  },
];

const personPath = '/connect/person';

/** Which person a browser is: chosen by itself, or given by a phone. They are no calls of the platform. */
export const browserPersonPages: readonly BrowserPage[] = [
  {
    method: 'GET',
    path: personPath,
    answer(context, platform) {
      const request = context.req.raw;
      const person = personOf(request, platform);
      if (person === undefined || context.req.query('chosen') === undefined) {
        return askWho(platform, request, `${personPath}?appid=${platform.account.appId}&chosen`);
      }
      return tellOnPage(request, {
        title: nameOf(person),
        lines: [{ en: 'This browser now acts as this person', zh: '此浏览器现在以该用户的身份访问' }],
      });
    },
  },
  {
    method: 'GET',
    path: '/connect/as/:ticket',
    answer(context, { forms }) {
      const request = context.req.raw;
      const answer = forms.take(context.req.param('ticket') ?? '');
      return answer?.({ button: '', choice: undefined }, request) ?? tellOnPage(request, oldPage);
    },
  },
];

/** An address of the simulator that opens `url` as this person, once. */
export function addressAs({ forms, account }: Platform, openId: string, url: string): string {
  const ticket = forms.open(() => goAs(openId, url));
  return `/connect/as/${ticket}?appid=${account.appId}`;
}

/** Lets somebody in: the address to which the browser goes with the code. */
export function grantTo(
  { webGrants }: Platform,
  openId: string,
  wanted: AuthorizeRequest,
  isSnapshot = false,
): { readonly code: string; readonly location: string } {
  const code = webGrants.issueCode({ openId, scope: wanted.scope, isSnapshot });
  return { code, location: redirectWithCode(wanted, code) };
}

function authorize(platform: Platform, request: Request, wanted: AuthorizeRequest): Response {
  const { pathname, search } = new URL(request.url);
  const here = `${pathname}${search}`;
  const person = personOf(request, platform);
  if (person === undefined) return askWho(platform, request, here);
  checkPerson(person, platform);
  const go = (): Response => {
    const { location } = grantTo(platform, person.openId, wanted);
    return new Response(null, { status: 302, headers: { location, 'cache-control': 'no-store' } });
  };
  if (wanted.scope === 'snsapi_base') return go();
  const { name } = platform.settings;
  const question = {
    title: {
      en: `${name || 'The account'} asks for your nickname and picture`,
      zh: `${name || '公众号'}申请获取你的昵称、头像`,
    },
    lines: [
      { en: `You are ${nameOf(person)}`, zh: `当前用户：${nameOf(person)}` },
      {
        en: `Next, this page opens: ${new URL(wanted.redirectUri).host}`,
        zh: `之后将打开：${new URL(wanted.redirectUri).host}`,
      },
    ],
    buttons: [
      { value: 'allow', words: { en: 'Allow', zh: '允许' } },
      { value: 'refuse', words: { en: 'Refuse', zh: '拒绝' } },
      { value: 'other', words: { en: 'Somebody else', zh: '换一个用户' } },
    ],
  };
  return askOnPage(platform, request, question, ({ button }, answered) => {
    if (button === 'allow') return go();
    if (button === 'other') return askWho(platform, answered, here);
    return tellOnPage(answered, refusedPage);
  });
}

function nameOf({ nickname, openId }: Follower): string {
  return nickname === '' ? openId : nickname;
}

/** Quirk: as all answers of the platform, it arrives with status 200. */
function refusalPage(request: Request, { words, code, reason }: AuthorizeRefusal): Response {
  return tellOnPage(request, {
    title: words,
    lines: [...(code === undefined ? [] : [{ en: `Error ${code}`, zh: `错误码：${code}` }]), reason],
  });
}

/** On a phone the page closes. */
const refusedPage = {
  title: { en: 'You have refused', zh: '你已拒绝授权' },
  lines: [
    {
      en: 'WeChat closes the page; the account learns nothing',
      zh: '微信会关闭页面，公众号不会得到任何信息',
    },
  ],
};

const oldPage = {
  title: { en: 'This page has expired', zh: '页面已失效' },
  lines: [
    {
      en: 'It has been answered, or it is older than ten minutes. Go back and open the link again.',
      zh: '该页面已被处理过，或打开已超过十分钟。请返回并重新打开链接。',
    },
  ],
  status: 410,
};

const foreignPage = {
  title: { en: 'Wrong origin', zh: '来源不符' },
  lines: [
    {
      en: 'The answer must come from the page that this simulator has shown on this machine',
      zh: '只接受本机上由此模拟器显示的页面所提交的回答',
    },
  ],
  status: 403,
};

/** Throws an `AuthorizeRefusal`. The AppID comes first, as everywhere on the platform. */
export function parseAuthorizeRequest(
  query: URLSearchParams,
  { account, settings }: Platform,
): AuthorizeRequest {
  const appId = query.get('appid') ?? '';
  if (appId !== '' && appId !== account.appId) {
    throw new AuthorizeRefusal(undefined, 'AppID 参数错误', wrongAppId);
  }
  if (appId !== '' && query.has('component_appid')) {
    throw new AuthorizeRefusal(10015, '公众号未授权第三方平台，请检查授权状态', noComponent);
  }
  // Without a list every address is good, so that nothing has to be set up. A code of a simulator opens no door.
  const wanted = parseAuthorizeQuery(query, settings.webAuthDomains);
  if (mayCall(settings.accountType, authorizePath)) return wanted;
  throw new AuthorizeRefusal(10005, 'Scope 参数错误或没有 Scope 权限', noRight);
}

/** Throws an `AuthorizeRefusal` for somebody who may not go on. */
export function checkPerson({ follows }: Follower, { settings }: Platform): void {
  if (follows || settings.accountType !== 'test') return;
  throw new AuthorizeRefusal(10006, '必须关注此测试号', {
    en: 'Only people who follow a test account can authorise',
    zh: '测试号只允许已关注的用户授权',
  });
}

/**
 * Quirk: code and state go before the fragment, where a single-page application with "#/route" does not look.
 * Quirk: "&", "=" and "+" in the state are not encoded again (a developer's report; undocumented).
 */
export function redirectWithCode({ redirectUri, state }: AuthorizeRequest, code: string): string {
  const [address = '', ...fragment] = redirectUri.split('#');
  const added = `code=${code}${state === undefined ? '' : `&state=${encodeURI(state)}`}`;
  return [`${address}${jointOf(address)}${added}`, ...fragment].join('#');
}

/** What comes between an address and a further parameter. */
function jointOf(address: string): string {
  if (!address.includes('?')) return '?';
  return /[?&]$/.test(address) ? '' : '&';
}

const wrongAppId: Text = {
  en: 'The AppID must be the one that the simulator printed when it started',
  zh: 'AppID 必须与模拟器启动时显示的一致',
};
const noComponent: Text = {
  en: 'The simulator has no third-party platform: leave out component_appid',
  zh: '模拟器没有第三方平台：请去掉 component_appid',
};
const noRight: Text = {
  en: 'Web authorisation is for verified service accounts; the setting account_type says that this is another one',
  zh: '网页授权仅限已认证的服务号；根据设置 account_type，当前账号不是',
};

/** Quirk: cookies do not know ports, so a developer's server on this host sees it, too. It says nothing secret. */
const cookieName = 'simulated_person';
/** How many of the newest people there are to choose from. */
const offeredPeople = 50;
/** No openid: they have 1 to 64 characters without a blank. */
const somebodyNew = 'somebody new';

/** The person of this browser, if one has been chosen that the account knows. */
export function personOf(request: Request, { followers }: Platform): Follower | undefined {
  const openId = new RegExp(`(?:^|;\\s*)${cookieName}=([A-Za-z0-9_-]{1,64})(?:;|$)`).exec(
    request.headers.get('cookie') ?? '',
  )?.[1];
  return openId === undefined ? undefined : followers.find(openId);
}

/** Sends the browser on; from there to its end it is this person's. */
export function goAs(openId: string, location: string): Response {
  return new Response(null, {
    status: 303,
    headers: {
      location,
      'set-cookie': `${cookieName}=${openId}; Path=/; HttpOnly; SameSite=Lax`,
      'cache-control': 'no-store',
    },
  });
}

/** Asks who is at the browser, and then goes on to `location`. */
export function askWho(platform: Platform, request: Request, location: string): Response {
  const { followers } = platform;
  const people = followers.list().slice(-offeredPeople).toReversed();
  const options = [
    ...people.map(({ openId, nickname, follows }) => ({
      value: openId,
      words: nickname === '' ? openId : nickname,
      note: {
        en: `${openId}, ${follows ? 'follows' : 'does not follow'}`,
        zh: `${openId}，${follows ? '已关注' : '未关注'}`,
      },
    })),
    {
      value: somebodyNew,
      words: { en: 'Somebody new', zh: '新用户' },
      note: { en: 'Does not follow', zh: '未关注' },
    },
  ];
  const question = {
    title: { en: 'Whose WeChat is this?', zh: '以谁的身份访问？' },
    lines: [
      {
        en: 'In WeChat the page would know. This browser remembers your choice until it is closed.',
        zh: '在微信中打开时，页面知道用户是谁。此浏览器会记住你的选择，直到关闭。',
      },
    ],
    choice: { legend: { en: 'Person', zh: '用户' }, options },
    buttons: [{ value: 'go', words: { en: 'Continue', zh: '继续' } }],
  };
  return askOnPage(platform, request, question, ({ choice }) => {
    const known = choice === undefined ? undefined : followers.find(choice);
    if (known !== undefined) return goAs(known.openId, location);
    if (choice !== somebodyNew) return askWho(platform, request, location);
    return goAs(followers.put(undefined, { follows: false }).openId, location);
  });
}

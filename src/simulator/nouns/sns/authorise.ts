/** 网页授权: the address that a person is sent to, and where it leads from there. */
import {
  authorizePath,
  AuthorizeRefusal,
  type AuthorizeRequest,
  mayCall,
  parseAuthorizeQuery,
} from '../../../core/account/index.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Follower } from '../user/follower.ts';
import type { Platform } from '../../account/platform.ts';

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
  const joint = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&';
  return [`${address}${joint}${added}`, ...fragment].join('#');
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

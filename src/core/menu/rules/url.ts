/** The addresses that buttons open. */
import {
  adviseOnAuthorizeUrl,
  AuthorizeRefusal,
  isAuthorizeUrl,
  isCutShort,
  isPrivateHost,
  parseAuthorizeQuery,
} from '../../account/index.ts';
import type { Level } from './level.ts';
import { urlStart } from '../limits.ts';
import type { MenuProblem } from './problem.ts';
import { excerpt } from '../../text/sanitise.ts';
import type { Text } from '../../text/text.ts';

/** Checks a URL that is not empty and not too long. */
export function checkUrl(
  address: string,
  path: string,
  level: Level,
  ownAppId?: () => string | undefined,
): MenuProblem[] {
  if (!urlStart.test(address)) return [wrongScheme(path, level)];
  const problems: MenuProblem[] = [];
  if (address.includes('&amp;')) {
    problems.push({
      rule: 'url-entity',
      severity: 'warning',
      path,
      text: { en: 'The URL contains "&amp;" where "&" is meant', zh: 'URL 含有“&amp;”，应为“&”' },
      hint: { en: 'Write "&"', zh: '请写作“&”' },
    });
  }
  if (/\s/.test(address)) {
    problems.push({
      rule: 'url-blank',
      severity: 'warning',
      path,
      text: { en: 'The URL contains a blank', zh: 'URL 中有空白字符' },
      hint: { en: 'Remove it, or write "%20"', zh: '请删除，或写作“%20”' },
    });
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && isPrivateHost(url.hostname)) problems.push(privateHost(url.hostname, path));
  else if (/^http:/i.test(address)) problems.push(unencrypted(path));
  if (url !== undefined && isAuthorizeUrl(url)) {
    // The entity has been named; what it stands for is not wrong once more.
    const meant = new URL(address.replaceAll('&amp;', '&'));
    problems.push(...checkAuthorizeUrl(meant, path, ownAppId));
  }
  return problems;
}

function wrongScheme(path: string, level: Level): MenuProblem {
  return {
    rule: 'url-scheme',
    severity: 'error',
    path,
    ...level.domain,
    text: {
      en: 'A URL must begin with "http://" or "https://" and a domain',
      zh: 'URL 应以“http://”或“https://”加域名开头',
    },
  };
}

/** Half of all menus have such links, the platform's own sample among them; so this is no warning. */
function unencrypted(path: string): MenuProblem {
  return {
    rule: 'url-http',
    severity: 'notice',
    path,
    text: {
      en: 'The URL begins with "http://", so the page opens unencrypted',
      zh: 'URL 以“http://”开头，页面不加密',
    },
    hint: { en: 'Use "https://" if the page has it', zh: '如果页面支持，请使用“https://”' },
  };
}

function privateHost(host: string, path: string): MenuProblem {
  return {
    rule: 'url-private',
    severity: 'warning',
    path,
    text: {
      en: `"${excerpt(host, 60)}" is an address of a private network or of one machine; a phone cannot open it`,
      zh: `“${excerpt(host, 60)}”是内网或本机地址，手机无法打开`,
    },
    hint: { en: 'Use the public address of the page', zh: '请使用页面的公网地址' },
  };
}

/** A link of 网页授权, by the rules of the page that it leads to. All of it warns: the platform checks it on the phone only. */
function checkAuthorizeUrl(url: URL, path: string, ownAppId?: () => string | undefined): MenuProblem[] {
  const query = new URLSearchParams(url.search);
  // A third-party platform（第三方平台）adds itself to the links of its accounts.
  query.delete('component_appid');
  const problem = (text: Text): MenuProblem => ({
    rule: 'authorize-link',
    severity: 'warning',
    path,
    text: { en: `Link of web authorisation: ${lowerFirst(text.en)}`, zh: `网页授权链接：${text.zh}` },
  });
  // What a "#" cut off is not missing.
  const refusals = isCutShort(url) ? [] : refusalOf(query);
  const problems = [...refusals, ...adviseOnAuthorizeUrl(url)].map(problem);
  const appId = query.get('appid') ?? '';
  const mine = appId === '' ? undefined : ownAppId?.();
  if (mine !== undefined && mine !== appId) problems.push(anotherAccount(appId, mine, path));
  return problems;
}

/** The text goes on behind a colon; the name of a parameter stays as it is. */
function lowerFirst(text: string): string {
  return text.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase());
}

function refusalOf(query: URLSearchParams): readonly Text[] {
  try {
    parseAuthorizeQuery(query);
    return [];
  } catch (error) {
    if (!(error instanceof AuthorizeRefusal)) throw error;
    return [error.reason];
  }
}

/** A warning only: a subscription account may send its people to the authorisation of a service account. */
function anotherAccount(appId: string, mine: string, path: string): MenuProblem {
  return {
    rule: 'authorize-appid',
    severity: 'warning',
    path,
    text: {
      en: `The link asks for "${excerpt(appId, 40)}", but the menu is for ${mine}`,
      zh: `链接中的 AppID 是“${excerpt(appId, 40)}”，而菜单属于 ${mine}`,
    },
  };
}

/** The addresses that buttons open. */
import {
  adviseOnAuthorizeUrl,
  AuthorizeRefusal,
  isAuthorizeUrl,
  isCutShort,
  isPrivateHost,
  parseAuthorizeQuery,
} from '../../account/index.ts';
import type { Text } from '../../text/text.ts';
import { urlStart } from '../limits.ts';
import type { Level } from './level.ts';
import { menuError, menuWarning, type MenuProblem } from './problem.ts';

/** Checks a URL that is not empty and not too long. */
export function checkUrl(
  address: string,
  path: string,
  level: Level,
  ownAppId?: () => string | undefined,
): MenuProblem[] {
  if (!urlStart.test(address)) return [menuError('url-scheme', path, (say) => say.urlScheme, level.domain)];
  const problems: MenuProblem[] = [];
  if (address.includes('&amp;')) problems.push(menuWarning('url-entity', path, (say) => say.urlEntity));
  if (/\s/.test(address)) problems.push(menuWarning('url-blank', path, (say) => say.urlBlank));
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && isPrivateHost(url.hostname))
    problems.push(menuWarning('url-private', path, (say) => say.urlPrivate(url.hostname)));
  else if (/^http:/i.test(address)) {
    // Half of all menus have such links, the platform's own sample among them; so this is no warning.
    problems.push({ rule: 'url-http', severity: 'notice', path, say: (say) => say.urlHttp });
  }
  if (url !== undefined && isAuthorizeUrl(url)) {
    // The entity has been named; what it stands for is not wrong once more.
    const meant = new URL(address.replaceAll('&amp;', '&'));
    problems.push(...checkAuthorizeUrl(meant, path, ownAppId));
  }
  return problems;
}

/** A link of 网页授权, by the rules of the page that it leads to. All of it warns: the platform checks it on the phone only. */
function checkAuthorizeUrl(url: URL, path: string, ownAppId?: () => string | undefined): MenuProblem[] {
  const query = new URLSearchParams(url.search);
  // A third-party platform（第三方平台）adds itself to the links of its accounts.
  query.delete('component_appid');
  // What a "#" cut off is not missing.
  const refusals = isCutShort(url) ? [] : refusalOf(query);
  const problems = [...refusals, ...adviseOnAuthorizeUrl(url)].map((text) =>
    menuWarning('authorize-link', path, (say) => say.authorizeLink(text)),
  );
  const appId = query.get('appid') ?? '';
  const mine = appId === '' ? undefined : ownAppId?.();
  // A warning only: a subscription account may send its people to the authorisation of a service account.
  if (mine !== undefined && mine !== appId)
    problems.push(menuWarning('authorize-appid', path, (say) => say.authorizeAppId(appId, mine)));
  return problems;
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

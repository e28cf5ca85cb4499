/** Whose WeChat a browser is: in WeChat's own browser that is clear, in any other one somebody chooses. */
import { askOnPage } from './consent-page.ts';
import type { Follower } from '../user/state.ts';
import type { Platform } from '../../account/platform.ts';

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

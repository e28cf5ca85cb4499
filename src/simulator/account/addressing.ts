/** Which account a call is for, where a simulator has several. */
import { own } from '../../core/text/json-value.ts';
import type { AccountWorld } from './account-world.ts';

/** A call that says its AppID in the body is short. */
const maxSearchedBytes = 65_536;

/** The account that `/_ctl/…?account=` names, the first one without; `undefined` for a name that nobody has. */
export function namedWorld(worlds: readonly AccountWorld[], request: Request): AccountWorld | undefined {
  const appId = new URL(request.url).searchParams.get('account');
  return appId === null ? worlds[0] : worlds.find(({ account }) => account.appId === appId);
}

/**
 * The account that a call of the API side is for: the owner of its token, else of the AppID that it names, else of a
 * ticket or another id in its address. A call that tells nothing is answered, and refused, by the first one.
 */
export async function addressedWorld(
  worlds: readonly AccountWorld[],
  request: Request,
): Promise<AccountWorld | undefined> {
  if (worlds.length === 1) return worlds[0];
  const { searchParams: query, pathname } = new URL(request.url);
  const ownerOf = (id: string | null): AccountWorld | undefined =>
    id === null ? undefined : worlds.find(({ control }) => control.traffic.platform.owns(id));
  const named = (appId: unknown): AccountWorld | undefined =>
    worlds.find(({ account }) => account.appId === appId);
  const token = query.get('access_token');
  const told = ownerOf(token) ?? named(query.get('appid'));
  if (told !== undefined) return told;
  const inBody = token === null && request.method === 'POST' ? named(await appIdOf(request)) : undefined;
  if (inBody !== undefined) return inBody;
  for (const id of [...query.values(), ...pathname.split('/').map(decode)]) {
    const owner = ownerOf(id);
    if (owner !== undefined) return owner;
  }
  return worlds[0];
}

/** The AppID in a JSON body or a form. */
async function appIdOf(request: Request): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > maxSearchedBytes) return undefined;
  const text = await request.clone().text();
  try {
    return own(JSON.parse(text), 'appid');
  } catch {
    return new URLSearchParams(text).get('appid');
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

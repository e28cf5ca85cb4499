/** What has been done with an account since its start: by hand on the page, or by anybody who drives the simulator. */
import type { Context, Next } from 'hono';
import { isObject, own } from '../../../core/text/json-value.ts';
import type { Platform } from '../../account/platform.ts';
import type { QrCode } from '../../nouns/qrcode/state.ts';
import type { ActiveScenarios } from '../../account/scenario.ts';
import type { Traffic } from '../../server/traffic.ts';
import type { Body } from '../input.ts';

/** More than anybody reads as a test. */
const keptSteps = 500;

export interface Step {
  /** `POST` or `DELETE`; of a call of the API side its own method. */
  readonly method: string;
  /** Behind `/_ctl/`: `faults`, `phone/oAlice/send`; of a call of the API side its whole path. */
  readonly path: string;
  readonly body: Body;
  /** Whose phone it was, and who that was before. */
  readonly person?: { readonly openid: string; readonly nickname: string; readonly subscribed: boolean };
  readonly code?: QrCode;
  readonly firstPush?: number;
}

/** Calls of the control side that change something which a test can do again. */
const recorded =
  /\/_ctl\/((?:faults(?:\/\d+)?|clock|settings|scenario|push|followers|menu|autoreply|outcomes)|phone\/([^/]+)\/(?:follow|unfollow|scan|tap|send|location))$/;
/** Calls of the API side that do. Not menu/delconditional: the menuid is another one in each run. */
const menuCalls = new Set(['/cgi-bin/menu/create', '/cgi-bin/menu/addconditional', '/cgi-bin/menu/delete']);

export function createJournal({ platform, requests }: Traffic, scenarios: ActiveScenarios) {
  let steps: readonly Step[] = startOf(scenarios);
  const add = (step: Step): void => {
    steps = [...steps, step].slice(-keptSteps);
  };
  // Menus are a part of the story, whoever makes them.
  requests.subscribe((call) => {
    const { method, path } = call;
    if (!menuCalls.has(path) || call.errcode !== 0) return;
    const { body } = call;
    add({ method, path, body: isObject(body) ? body : {} });
  });
  return {
    watch: async (context: Context, next: Next) => {
      const { req } = context;
      const [, path, openId] = recorded.exec(req.path) ?? [];
      if (path === undefined || (req.method !== 'POST' && req.method !== 'DELETE')) return await next();
      const step: Step = { method: req.method, path, body: readable(await req.text()) };
      Object.assign(
        step,
        openId !== undefined && aboutPhone(platform, decodeURIComponent(openId), step.body),
      );
      if (path.endsWith('/tap') && !steps.some(isMenu)) addMenuOfTheStart(platform, add);
      // Its place is that of its beginning: the answer may wait for a slow server.
      add(step);
      await next();
      if (!context.res.ok) steps = steps.filter((other) => other !== step);
      else await takeAnswer(step, context.res.clone());
      return undefined;
    },
    list: (): readonly Step[] => steps,
    /** Begins anew, or goes on from what had been done once. */
    restart(done?: readonly Step[]): void {
      steps = done ?? startOf(scenarios);
    },
  };
}

/** The scenarios of the start, by their names; one of somebody's own is theirs to name. */
function startOf(scenarios: ActiveScenarios): readonly Step[] {
  return scenarios
    .list()
    .filter((name) => name !== 'custom')
    .map((name) => ({ method: 'POST', path: 'scenario', body: { name } }));
}

function isMenu({ path }: Step): boolean {
  return menuCalls.has(path) || path === 'menu';
}

/** A menu that was there before anything was recorded. */
function addMenuOfTheStart({ menu }: Platform, add: (step: Step) => void): void {
  const button = menu.snapshot()['default'];
  if (Array.isArray(button)) add({ method: 'POST', path: '/cgi-bin/menu/create', body: { button } });
}

/** Without how long the caller waited: a test waits always; nor with a picture, which says nothing. What is no object was refused. */
function readable(text: string): Body {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return {};
    const { wait: _wait, picture: _picture, ...body } = value;
    return body;
  } catch {
    return {};
  }
}

function aboutPhone({ followers, qrCodes }: Platform, openId: string, { ticket, url }: Body): Partial<Step> {
  const follower = followers.find(openId);
  const byUrl = typeof url === 'string' ? qrCodes.findByUrl(url) : undefined;
  const code = typeof ticket === 'string' ? qrCodes.find(ticket) : byUrl;
  return {
    ...(follower !== undefined && {
      person: { openid: openId, nickname: follower.nickname, subscribed: follower.follows },
    }),
    ...(code !== undefined && { code }),
  };
}

/** Notes what the answer alone tells: who was made, and which push was the first. */
async function takeAnswer(step: Step, response: Response): Promise<void> {
  const answer: unknown = await response.json();
  if (step.path === 'followers' && typeof own(answer, 'openid') === 'string') {
    Object.assign(step, { body: { openid: own(answer, 'openid'), ...step.body } });
  }
  const pushes = own(answer, 'pushes');
  const first: unknown = Array.isArray(pushes) ? own(pushes[0], 'id') : own(answer, 'id');
  if (typeof first === 'number' && /^(?:phone|push)/.test(step.path))
    Object.assign(step, { firstPush: first });
}

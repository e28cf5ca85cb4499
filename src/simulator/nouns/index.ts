/** Everything that the simulator answers: the endpoints and the pages of all nouns. */
import { callQuotas } from '../../core/catalogue/index.ts';
import type { BrowserPage, Change, Endpoint } from '../server/endpoint.ts';
import { autoReplyCalls } from './autoreply/calls.ts';
import { callbackCalls } from './callback/calls.ts';
import { commentCalls } from './comment/calls.ts';
import { customMessageCalls } from './custom-message/calls.ts';
import { datacubeCalls } from './datacube/calls.ts';
import { draftCalls } from './draft/calls.ts';
import { serviceAccountCalls } from './kfaccount/calls.ts';
import { serviceSessionCalls } from './kfsession/calls.ts';
import { massCalls } from './mass/calls.ts';
import { mediaCalls } from './media/calls.ts';
import { menuCalls } from './menu/calls.ts';
import { migrationCalls } from './migration/calls.ts';
import { openapiCalls } from './openapi/calls.ts';
import type { DailyQuotas } from './openapi/state.ts';
import { publishCalls } from './publish/calls.ts';
import { publishedPages } from './publish/pages.ts';
import { qrcodeCalls, qrcodePages } from './qrcode/calls.ts';
import { shortenCalls } from './shorten/calls.ts';
import { snsCalls } from './sns/calls.ts';
import { webAuthorisationPages } from './sns/pages.ts';
import { subscribeCalls } from './subscribe/calls.ts';
import { subscribePages } from './subscribe/pages.ts';
import { tagCalls } from './tag/calls.ts';
import { templateCalls } from './template/calls.ts';
import { ticketCalls } from './ticket/calls.ts';
import { tokenCalls } from './token/calls.ts';
import { userCalls } from './user/calls.ts';

export { browserPersonPages } from './sns/pages.ts';

export const simulatedEndpoints: readonly Endpoint[] = [
  ...tokenCalls,
  ...ticketCalls,
  ...menuCalls,
  ...qrcodeCalls,
  ...shortenCalls,
  ...userCalls,
  ...migrationCalls,
  ...tagCalls,
  ...customMessageCalls,
  ...templateCalls,
  ...subscribeCalls,
  ...massCalls,
  ...autoReplyCalls,
  ...datacubeCalls,
  ...serviceAccountCalls,
  ...serviceSessionCalls,
  ...mediaCalls,
  ...draftCalls,
  ...publishCalls,
  ...commentCalls,
  ...openapiCalls,
  ...callbackCalls,
  ...snsCalls,
];

export const simulatedPages: readonly BrowserPage[] = [
  ...qrcodePages,
  ...subscribePages,
  ...publishedPages,
  ...webAuthorisationPages,
];

const byPath: ReadonlyMap<string, Endpoint> = new Map(simulatedEndpoints.map((each) => [each.path, each]));

/** `undefined` for what is no call, and for a call that the simulator does not have. */
export function findEndpoint(path: string): Endpoint | undefined {
  return byPath.get(path);
}

const pagePaths: ReadonlySet<string> = new Set(simulatedPages.map(({ path }) => path));

/** Whether the simulator answers calls of this path by itself. */
export function isSimulated(path: string): boolean {
  return byPath.has(path) || pagePaths.has(path);
}

/** What is counted a day of what the simulator answers, in the order of the catalogue. */
export const dailyQuotas: DailyQuotas = new Map(
  Object.entries(callQuotas).filter(([path, { day }]) => day !== undefined && byPath.has(path)),
);

/** What a call of this path may leave different for a page. */
export function changesOf(path: string): readonly Change[] {
  return byPath.get(path)?.changes ?? [];
}

/** Everything that the simulator answers. A noun's calls are loaded when the first of them comes, its pages with the first page. */
import { callQuotas } from '../../core/catalogue/index.ts';
import type { BrowserPage, Change, Endpoint } from '../server/endpoint.ts';
import type { DailyQuotas } from './openapi/state.ts';

interface Noun {
  readonly load: () => Promise<{ readonly calls: readonly Endpoint[] }>;
  /** How the paths of its calls begin. Two nouns may share a beginning. */
  readonly paths: readonly string[];
}

const nouns: readonly Noun[] = [
  { load: () => import('./token/calls.ts'), paths: ['/cgi-bin/token', '/cgi-bin/stable_token'] },
  { load: () => import('./ticket/calls.ts'), paths: ['/cgi-bin/ticket/'] },
  { load: () => import('./menu/calls.ts'), paths: ['/cgi-bin/menu/', '/cgi-bin/get_current_selfmenu_info'] },
  { load: () => import('./qrcode/calls.ts'), paths: ['/cgi-bin/qrcode/'] },
  { load: () => import('./shorten/calls.ts'), paths: ['/cgi-bin/shorten/'] },
  { load: () => import('./user/calls.ts'), paths: ['/cgi-bin/user/'] },
  { load: () => import('./migration/calls.ts'), paths: ['/cgi-bin/changeopenid'] },
  { load: () => import('./tag/calls.ts'), paths: ['/cgi-bin/tags/', '/cgi-bin/user/tag/'] },
  { load: () => import('./custom-message/calls.ts'), paths: ['/cgi-bin/message/custom/'] },
  { load: () => import('./template/calls.ts'), paths: ['/cgi-bin/template/', '/cgi-bin/message/template/'] },
  {
    load: () => import('./subscribe/calls.ts'),
    paths: ['/wxaapi/newtmpl/', '/cgi-bin/message/subscribe/', '/cgi-bin/message/template/subscribe'],
  },
  { load: () => import('./mass/calls.ts'), paths: ['/cgi-bin/message/mass/', '/cgi-bin/media/upload'] },
  { load: () => import('./autoreply/calls.ts'), paths: ['/cgi-bin/get_current_autoreply_info'] },
  { load: () => import('./datacube/calls.ts'), paths: ['/datacube/'] },
  {
    load: () => import('./kfaccount/calls.ts'),
    paths: ['/cgi-bin/customservice/', '/customservice/kfaccount/'],
  },
  {
    load: () => import('./kfsession/calls.ts'),
    paths: ['/customservice/kfsession/', '/customservice/msgrecord/'],
  },
  { load: () => import('./media/calls.ts'), paths: ['/cgi-bin/media/', '/cgi-bin/material/'] },
  { load: () => import('./draft/calls.ts'), paths: ['/cgi-bin/draft/'] },
  { load: () => import('./publish/calls.ts'), paths: ['/cgi-bin/freepublish/'] },
  { load: () => import('./comment/calls.ts'), paths: ['/cgi-bin/comment/'] },
  {
    load: () => import('./openapi/calls.ts'),
    paths: [
      '/cgi-bin/openapi/',
      '/cgi-bin/clear_quota',
      '/cgi-bin/getcallbackip',
      '/cgi-bin/get_api_domain_ip',
    ],
  },
  { load: () => import('./callback/calls.ts'), paths: ['/cgi-bin/callback/'] },
  { load: () => import('./sns/calls.ts'), paths: ['/sns/'] },
];

const loaded = new Map<string, Endpoint>();

async function load(wanted: readonly Noun[]): Promise<readonly Endpoint[]> {
  const endpoints = (await Promise.all(wanted.map((noun) => noun.load()))).flatMap(({ calls }) => calls);
  for (const endpoint of endpoints) loaded.set(endpoint.path, endpoint);
  return endpoints;
}

function nounsOf(path: string): readonly Noun[] {
  return nouns.filter(({ paths }) => paths.some((beginning) => path.startsWith(beginning)));
}

/** Without a promise, where its noun has been asked before. */
export function findLoadedEndpoint(path: string): Endpoint | undefined {
  return loaded.get(path);
}

/** `undefined` for what is no call, and for a call that the simulator does not have. */
export async function findEndpoint(path: string): Promise<Endpoint | undefined> {
  return (await load(nounsOf(path))).find((endpoint) => endpoint.path === path);
}

/** All of them. */
export function readEndpoints(): Promise<readonly Endpoint[]> {
  return load(nouns);
}

/** What browsers open: the platform's pages, and those on which the person of a browser is chosen. */
export async function readPages(): Promise<{
  readonly simulated: readonly BrowserPage[];
  readonly ofBrowserPerson: readonly BrowserPage[];
}> {
  const { qrcodePages } = await import('./qrcode/calls.ts');
  const { subscribePages } = await import('./subscribe/pages.ts');
  const { publishedPages } = await import('./publish/pages.ts');
  const { browserPersonPages, webAuthorisationPages } = await import('./sns/pages.ts');
  return {
    simulated: [...qrcodePages, ...subscribePages, ...publishedPages, ...webAuthorisationPages],
    ofBrowserPerson: browserPersonPages,
  };
}

/** The paths of all calls and pages that the simulator answers by itself. */
export async function readSimulatedPaths(): Promise<ReadonlySet<string>> {
  const [endpoints, { simulated }] = await Promise.all([readEndpoints(), readPages()]);
  return new Set([...endpoints, ...simulated].map(({ path }) => path));
}

/** What is counted a day of what the simulator answers, in the order of the catalogue. */
export const dailyQuotas: DailyQuotas = new Map(
  Object.entries(callQuotas).filter(([path, { day }]) => day !== undefined && nounsOf(path).length > 0),
);

/** What a call of this path, which has been answered, may have left different for a page. */
export function changesOf(path: string): readonly Change[] {
  return loaded.get(path)?.changes ?? [];
}

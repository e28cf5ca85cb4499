import { describe, expect, test } from 'vitest';
import { callQuotas, findKnownCalls, readCallExamples } from '../../../src/core/catalogue/index.ts';
import type { CatalogueEntry } from '../../../src/simulator/control/types/index.ts';
import { findEndpoint, readEndpoints, readPages } from '../../../src/simulator/nouns/index.ts';
import type { Endpoint } from '../../../src/simulator/server/endpoint.ts';
import { simulate, type JsonAnswer } from '../simulated.ts';

/** Pages that the simulator has besides the platform's calls: what answers of calls lead to, and its own questions. */
const undocumentedPages = [
  '/mmbiz/:key/0',
  '/mpvideo/:key',
  '/s/:page',
  '/mmopen/:name/:side',
  '/connect/answer',
  '/connect/person',
  '/connect/as/:ticket',
];

const endpoints = await readEndpoints();
const pages = Object.values(await readPages()).flat();

const samePaths = (list: readonly string[]): readonly string[] =>
  list.filter((path, index) => list.indexOf(path) !== index);

/** What a body must have in an example: `tag.name`. */
function memberOf(value: unknown, [name, ...inner]: readonly string[]): unknown {
  if (name === undefined) return value;
  return memberOf((value as Readonly<Record<string, unknown>> | undefined)?.[name], inner);
}

describe('the record of an endpoint', () => {
  test('is that of a known call', async () => {
    const found = endpoints.map(async ({ path, method }) => {
      const [call, ...others] = await findKnownCalls(path);
      const isKnown = others.length === 0 && call?.method === (method === 'any' ? 'POST' : method);
      return isKnown ? [] : [`${method} ${path}`];
    });
    expect((await Promise.all(found)).flat()).toEqual([]);
  });

  test('is the only one of its path', () => {
    expect(samePaths([...endpoints, ...pages].map(({ path }) => path))).toEqual([]);
  });

  test('is found by how its path begins', async () => {
    const found = await Promise.all(endpoints.map(async ({ path }) => (await findEndpoint(path))?.path));
    expect(found.length).toBeGreaterThan(100);
    expect(found).toEqual(endpoints.map(({ path }) => path));
    expect(await findEndpoint('/cgi-bin/tags')).toBeUndefined();
  });

  test('of a page is that of a known call, or one of the simulator’s own', async () => {
    const paths = pages.map(({ path }) => path);
    const known = await Promise.all(paths.map(async (path) => (await findKnownCalls(path)).length > 0));
    expect(paths.filter((_, index) => known[index] !== true)).toEqual(undocumentedPages);
  });

  test('reads what the official page has', async () => {
    const examples = await readCallExamples();
    const unknown = await Promise.all(
      endpoints.map(async ({ path, fields }) => {
        const [call] = await findKnownCalls(path);
        const example = examples[call?.name ?? '']?.body;
        return fields
          .filter(({ from, at }) =>
            from === 'query'
              ? at[0] !== 'access_token' && call?.query.includes(at[0] ?? '') !== true
              : from === 'body' && example !== undefined && memberOf(example, at) === undefined,
          )
          .map(({ at }) => `${path} ${at.join('.')}`);
      }),
    );
    // Optional members that the examples leave out.
    expect(unknown.flat()).toEqual([
      '/cgi-bin/template/api_add_template keyword_name_list',
      '/cgi-bin/message/mass/delete url',
    ]);
  });
});

async function entriesOf(): Promise<ReadonlyMap<string, CatalogueEntry>> {
  const entries = (await simulate().ask('GET', '/_ctl/catalogue')) as unknown as readonly CatalogueEntry[];
  return new Map(entries.map((entry) => [entry.path, entry]));
}

describe('from the record of an endpoint', () => {
  test('comes its form: fields, what fills them, the file', async () => {
    const entries = await entriesOf();
    const shown = endpoints.map(({ path }) => {
      const { query, body, fills, upload, simulated } = entries.get(path) ?? {};
      return { path, query, body, fills, upload, simulated };
    });
    expect(shown).toEqual(endpoints.map(formOf));
  });

  test('comes its limit of a day, out of the catalogue', async () => {
    const { counters } = await simulate().ask('GET', '/_ctl/state');
    const paths = new Set(endpoints.map(({ path }) => path));
    const limits = Object.entries(callQuotas)
      .filter(([path, { day }]) => paths.has(path) && day !== undefined)
      .map(([path, { day }]) => [path, { used: 0, limit: day }]);
    expect(limits.length).toBeGreaterThan(20);
    expect(counters).toEqual(Object.fromEntries(limits));
  });

  test('comes what a page is told to read again', async () => {
    const told = await Promise.all(
      endpoints.map(async ({ path, method }) => [path, await eventsAfter(path, method)] as const),
    );
    const changed = told.filter(([, { length }]) => length > 0);
    expect(changed).toEqual([
      ['/cgi-bin/menu/create', ['menu']],
      ['/cgi-bin/menu/delete', ['menu']],
      ['/cgi-bin/menu/addconditional', ['menu']],
      ['/cgi-bin/menu/delconditional', ['menu']],
      ['/cgi-bin/user/info/updateremark', ['followers']],
      ['/cgi-bin/tags/create', ['followers']],
      ['/cgi-bin/tags/update', ['followers']],
      ['/cgi-bin/tags/delete', ['followers']],
      ['/cgi-bin/tags/members/batchtagging', ['followers']],
      ['/cgi-bin/tags/members/batchuntagging', ['followers']],
      ['/cgi-bin/tags/members/batchblacklist', ['followers']],
      ['/cgi-bin/tags/members/batchunblacklist', ['followers']],
      ['/cgi-bin/template/api_add_template', ['templates']],
      ['/cgi-bin/template/del_private_template', ['templates']],
      ['/wxaapi/newtmpl/addtemplate', ['templates']],
      ['/wxaapi/newtmpl/deltemplate', ['templates']],
    ]);
  });
});

function formOf({ path, fields, fills = {} }: Endpoint): Partial<CatalogueEntry> {
  const upload = fields.find((field) => field.upload !== undefined)?.upload ?? null;
  const json = fields.some(({ from }) => from === 'body') ? 'json' : null;
  return {
    path,
    query: fields.flatMap(({ from, at }) => (from === 'query' && at[0] !== 'access_token' ? at : [])),
    body: upload === null ? json : 'multipart',
    fills,
    upload,
    simulated: true,
  };
}

/** The names of the events of a call besides `hello` and `request`. */
async function eventsAfter(path: string, method: string): Promise<readonly string[]> {
  const world = simulate();
  const { body } = await world.call('GET', '/_ctl/events');
  await world.call(method === 'GET' ? 'GET' : 'POST', path);
  world.close();
  const text = await new Response(body).text();
  const names = Array.from(text.matchAll(/^event: (\w+)$/gm), ([, name = '']) => name);
  return names.filter((name) => name !== 'hello' && name !== 'request');
}

describe('what is known and not simulated', () => {
  test.each(['/cgi-bin/wxopen/qrcodejumpget', '/cgi-bin/groups/create'])('%s says so', async (path) => {
    const world = simulate();
    const refused: JsonAnswer = await world.ask('POST', await world.path(path), {});
    expect(refused).toMatchObject({ errcode: 48001 });
    expect(refused.errmsg).toContain(`the simulator does not have POST ${path}`);
    expect((await entriesOf()).get(path)).toMatchObject({ simulated: false, fills: {} });
  });
});

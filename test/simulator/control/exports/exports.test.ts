import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type AnySchema } from 'ajv';
import draft06 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { readCallList } from '../../../../src/core/catalogue/index.ts';
import { schemaOf } from '../../../../src/simulator/control/exports/schema-of.ts';
import { phoned } from '../phoned.ts';
import { simulate } from '../../simulated.ts';

const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../../fixtures', name), 'utf8')) as Record<
    string,
    unknown
  >;

const formats = {
  'date-time': (text: string) => !Number.isNaN(Date.parse(text)),
  uri: (text: string) => URL.canParse(text),
  'uri-reference': true,
  regex: true,
  email: true,
  ipv4: true,
  ipv6: true,
} as const;

/** The public schema of HAR 1.2 (npm har-schema 2.0.0), a file for each part. */
function harFaults(har: unknown): unknown {
  const ajv = new Ajv({ strict: false, formats });
  ajv.addMetaSchema(draft06);
  for (const schema of Object.values(fixture('har-schema.json'))) ajv.addSchema(schema as AnySchema);
  return ajv.validate('har.json#', har) ? null : ajv.errors;
}

/** The schema of OpenAPI 3.0 by its authors, which is of a draft that Ajv reads no more but for two words. */
function openapiFaults(document: unknown): unknown {
  const text = JSON.stringify(fixture('openapi-3.0.schema.json'))
    .replace(/"id":"https:[^"]*","\$schema":"[^"]*",/, '')
    .replace('"minimum":0,"exclusiveMinimum":true', '"exclusiveMinimum":0');
  const ajv = new Ajv({ strict: false, formats });
  return ajv.validate(JSON.parse(text) as AnySchema, document) ? null : ajv.errors;
}

interface Har {
  readonly log: {
    readonly entries: readonly {
      readonly request: Readonly<Record<string, unknown>>;
      readonly response: Readonly<Record<string, unknown>>;
    }[];
  };
}

describe('GET /_ctl/requests?format=har', () => {
  const readHar = async ({ ask }: ReturnType<typeof simulate>, query = ''): Promise<Har> =>
    (await ask('GET', `/_ctl/requests?format=har${query}`)) as unknown as Har;

  test('is an archive by the public schema, of every kind of call', async () => {
    const world = simulate();
    await world.stable();
    await world.call('GET', '/cgi-bin/menu/get?access_token=x&z=%E4%B8%AD%20文');
    await world.call('POST', '/cgi-bin/media/upload', new Uint8Array([0xff, 0, 1]), {
      'content-type': 'image/jpeg',
    });
    await world.call('POST', '/cgi-bin/tags/create', '{"a":"' + 'x'.repeat(20_000) + '"}');
    await world.call('POST', '/nonsense', 'not json');
    await world.call('GET', '/a%ffb');
    await world.ask('POST', '/_ctl/faults', { path: '/cgi-bin/token', drop: true });
    await world.classic().catch(() => undefined);
    const har = await readHar(world);
    expect(harFaults(har)).toBe(null);
    expect(har.log.entries).toHaveLength(7);
    expect(har.log.entries[0]).toMatchObject({
      startedDateTime: '2026-01-15T04:00:00.000Z',
      request: { method: 'POST', url: 'http://127.0.0.1:8090/cgi-bin/stable_token' },
      response: { status: 200, content: { mimeType: 'application/json; encoding=utf-8' } },
    });
    expect(har.log.entries[6]).toMatchObject({ response: { status: 0 }, comment: 'dropped' });
    expect(harFaults({ log: { ...har.log, version: 1 } })).not.toBe(null);
  });

  test('masks what the log masks', async () => {
    const world = simulate();
    const { access_token: token = '' } = await world.classic();
    await world.stable();
    await world.call('GET', `/cgi-bin/menu/get?access_token=${token}`, undefined, {
      referer: `http://a/${token}`,
    });
    const text = JSON.stringify(await readHar(world));
    for (const secret of [token, world.account.secret]) expect(text).not.toContain(secret);
    expect(text).toContain(`${token.slice(0, 4)}…${token.slice(-4)}`);
  });

  test('has the calls that the query chooses, and a name for the file', async () => {
    const world = simulate();
    for (const name of ['token', 'menu/get']) await world.call('GET', `/cgi-bin/${name}`);
    expect((await readHar(world, '&path=/cgi-bin/token')).log.entries).toHaveLength(1);
    const response = await world.call('GET', '/_ctl/requests?format=har');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="requests.har"');
    expect(await world.ask('GET', '/_ctl/requests?format=pcap')).toMatchObject({
      error: { type: 'invalid_query' },
    });
  });
});

type Operation = Readonly<Record<string, unknown>> & {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
};

interface Openapi {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

describe('GET /_ctl/openapi.json', () => {
  const read = async () => (await simulate().ask('GET', '/_ctl/openapi.json')) as unknown as Openapi;
  const operationsOf = ({ paths }: Openapi) =>
    Object.entries(paths).flatMap(([at, item]) =>
      Object.entries(item)
        .filter(([method]) => method !== 'servers')
        .map(([method, operation]) => ({ at, method, operation })),
    );

  test('is valid by the public schema, and by what that cannot say', async () => {
    const document = await read();
    expect(openapiFaults(document)).toBe(null);
    expect(openapiFaults({ ...document, paths: { x: {} } })).not.toBe(null);
    const operations = operationsOf(document);
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { at, operation } of operations) {
      const places = operation.parameters.filter((each) => each.in === 'path').map(({ name }) => `{${name}}`);
      expect([at, ...places]).toEqual([at, ...(at.match(/\{\w+\}/g) ?? [])]);
      const names = operation.parameters.map((each) => `${each.in} ${each.name}`);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test('has every call of the platform, with what its documentation says', async () => {
    const { paths, servers } = await read();
    expect(servers.map(({ url }) => url)).toEqual(['http://127.0.0.1:8090', 'https://api.weixin.qq.com']);
    const calls = await readCallList();
    expect(calls).toHaveLength(465);
    for (const { name, path: at, method } of calls) {
      expect(paths[at]?.[method.toLowerCase()]?.operationId.split('_'), at).toContain(name);
    }
    expect(paths['/cgi-bin/qrcode/create']?.['post']).toMatchObject({
      security: [{ access_token: [] }],
      'x-simulated': true,
      requestBody: {
        content: {
          'application/json': {
            example: { action_name: 'QR_SCENE' },
            schema: {
              required: ['action_name'],
              properties: {
                action_name: { enum: expect.arrayContaining(['QR_LIMIT_SCENE']) },
                action_info: { required: ['scene'] },
              },
            },
          },
        },
      },
    });
    expect(paths['/publisher/stat']?.['get']?.parameters[0]).toMatchObject({
      name: 'action',
      required: true,
      schema: { enum: ['publisher_adpos_general', 'publisher_cps_general', 'publisher_settlement'] },
    });
  });

  test('has every control call, each told in its table', async () => {
    const { ask } = await phoned(undefined, { readAsset: () => new Uint8Array() });
    const document = (await ask('GET', '/_ctl/openapi.json')) as unknown as Openapi;
    const { calls } = (await ask('GET', '/_ctl')) as unknown as { calls: readonly string[] };
    const { calls: table } = await import('../../../../src/simulator/control/exports/control-calls.json');
    expect(Object.keys(table).toSorted()).toEqual(['GET /_ctl', ...calls].toSorted());
    const told = operationsOf(document).filter(({ at }) => at.startsWith('/_ctl'));
    expect(told).toHaveLength(calls.length + 1);
  });
});

describe('schemaOf()', () => {
  test('takes types from the example and demands from the platform', () => {
    const demand = (name: string, more: object) =>
      ({ in: 'body', name, type: 'string', fixed: undefined, demand: more }) as const;
    const demands = [
      demand('list', { items: 3, required: true }),
      demand('list[].name', { characters: 64, required: true }),
      demand('list[].more', {}),
      demand('doubtful', { max: 1, required: true, sure: false }),
    ];
    expect(schemaOf({ list: [{ name: 'x' }], doubtful: 1.5, nothing: null }, demands)).toEqual({
      type: 'object',
      required: ['list'],
      properties: {
        list: {
          type: 'array',
          maxItems: 3,
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string', maxLength: 64 }, more: {} },
          },
        },
        doubtful: { type: 'number' },
        nothing: {},
      },
    });
  });
});

/** The control side, `/_ctl`, as paths of OpenAPI. */
import { defined } from '../../../core/text/defined.ts';
import { schemaOf } from './schema-of.ts';

interface Row {
  readonly en: string;
  readonly zh: string;
  /** An example. */
  readonly body?: unknown;
  readonly query?: readonly string[];
  /** JSON where nothing else is said. */
  readonly answers?: string;
}

/** What is told of each control call. */
export async function rows(): Promise<Readonly<Record<string, Row>>> {
  return (await import('./control-calls.json')).calls;
}

/** `calls` as the router has them: `GET /_ctl/chats/:openid`. */
export async function controlPaths(origin: string, calls: readonly string[]): Promise<object> {
  const told = await rows();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const call of calls) {
    const [method = '', path = ''] = call.split(' ');
    const row = told[call] ?? { en: call, zh: call };
    const known = (paths[path.replaceAll(/:(\w+)/g, '{$1}')] ??= { servers: [{ url: origin }] });
    known[method.toLowerCase()] = operationOf(method, path, row);
  }
  return paths;
}

function operationOf(method: string, path: string, { en, zh, body, query = [], answers }: Row): object {
  const places = Array.from(path.matchAll(/:(\w+)/g), ([, name]) => ({ name, in: 'path', required: true }));
  const asked = [...query, 'account'].map((name) => ({ name, in: 'query', required: false }));
  const refusal = { description: 'A refusal', content: { 'application/json': { schema: error } } };
  return {
    operationId: [method.toLowerCase(), ...(path.match(/\w+/g) ?? [])].join('_'),
    tags: ['_ctl'],
    summary: `${zh} ${en}`,
    parameters: [...places, ...asked].map((each) => ({ ...each, schema: { type: 'string' } })),
    ...defined({
      requestBody:
        body === undefined
          ? undefined
          : { content: { 'application/json': { schema: schemaOf(body, []), example: body } } },
    }),
    responses: {
      200: { description: 'The answer', content: { [answers ?? 'application/json']: { schema: {} } } },
      400: refusal,
      403: refusal,
    },
  };
}

const text = { type: 'string' };

/** `ControlError` */
const error = {
  type: 'object',
  properties: {
    error: { type: 'object', properties: { type: text, message: text, message_zh: text } },
  },
};

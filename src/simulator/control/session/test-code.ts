/** A session as a test for Vitest: the same steps with `createSimulator`, and what the account said to each. Pure. */
import type { ChatContent, ChatMessage } from '../types/index.ts';
import type { Body } from '../input.ts';
import type { QrCode } from '../../nouns/qrcode/state.ts';
import type { Step } from './journal.ts';

export interface Session {
  readonly steps: readonly Step[];
  readonly messages: (openid: string) => readonly ChatMessage[];
  /** What `createSimulator` is given: the server with its credentials, or nothing. */
  readonly options: Body;
}

export function formatTest(session: Session): string {
  const lines = stepsOf(session);
  const uses = (word: string): boolean => lines.some((line) => line.includes(word));
  const helpers = [uses('said(') && saidHelper, uses('makeCode(') && codeHelper].filter(isText);
  const types = ['createSimulator', uses('said(') && 'type PhoneResult', 'type Simulator'].filter(isText);
  const vitest = ['afterAll', 'beforeAll', uses('expect(') && 'expect', 'test'].filter(isText);
  return [
    `import { ${types.join(', ')} } from 'wechat-mp-cli';`,
    `import { ${vitest.join(', ')} } from 'vitest';`,
    '',
    'let simulator: Simulator;',
    'beforeAll(async () => {',
    `  simulator = await createSimulator(${isEmpty(session.options) ? '' : literal(session.options, 1)});`,
    '});',
    'afterAll(() => simulator.close());',
    '',
    ...helpers,
    "test('the account answers as it did in the session', async () => {",
    ...lines.map((line) => `  ${line}`),
    '});',
    '',
  ].join('\n');
}

const saidHelper = `/** What the account replied to an action. */
function said({ messages }: PhoneResult) {
  return messages
    .filter(({ push_id }) => push_id !== null)
    .filter(({ from, content }) => from === 'account' || content.type === 'unavailable')
    .map(({ content }) => content);
}
`;

const codeHelper = `/** Makes a code and tells its ticket. */
async function makeCode(body: object) {
  const call = { method: 'POST', path: '/cgi-bin/qrcode/create', body };
  const answer = (await simulator.control('POST', 'call', call)) as { body: { ticket: string } };
  return answer.body.ticket;
}
`;

function stepsOf(session: Session): readonly string[] {
  const phones = new Map<string, string>();
  const known = new Set<string>();
  return session.steps.flatMap((step, index) => {
    const { method, path, body, person } = step;
    if (person !== undefined) {
      const { openid } = person;
      const lines: string[] = [];
      const name = phones.get(openid) ?? (phones.size === 0 ? 'person' : `person${phones.size + 1}`);
      if (!known.has(openid)) lines.push(`await simulator.follower(${literal(person, 1)});`);
      if (!phones.has(openid)) lines.push(`const ${name} = simulator.phone(${literal(openid, 1)});`);
      known.add(openid);
      phones.set(openid, name);
      return [...lines, ...actionOf(session, step, index, name)];
    }
    if (path === 'followers' && typeof body['openid'] === 'string') known.add(body['openid']);
    return [lineOf(method, path, body)];
  });
}

/** What is done to the account itself. */
function lineOf(method: string, path: string, body: Body): string {
  if (path.startsWith('/')) {
    const call = isEmpty(body) ? { method, path } : { method, path, body };
    return `await simulator.control('POST', 'call', ${literal(call, 1)});`;
  }
  if (method === 'DELETE') return `await simulator.control('DELETE', ${literal(path, 1)});`;
  if (path === 'clock') return `await simulator.advance(${literal(body['advance'], 1)});`;
  if (path === 'push') {
    const { type, ...order } = body;
    if (typeof type === 'string') return `await simulator.push(${literal(type, 1)}, ${literal(order, 1)});`;
  }
  const verb = { faults: 'fault', followers: 'follower', settings: 'settings' }[path];
  if (verb !== undefined) return `await simulator.${verb}(${literal(body, 1)});`;
  return `await simulator.control('POST', ${literal(path, 1)}, ${literal(body, 1)});`;
}

/** What somebody does on the phone, and what comes of it. */
function actionOf(session: Session, step: Step, index: number, phone: string): readonly string[] {
  const verb = step.path.slice(step.path.lastIndexOf('/') + 1);
  const call = `await ${phone}.${verb}(${argumentsOf(verb, step)})`;
  return [`expect(said(${call})).toMatchObject(${literal(answersTo(session, step, index), 1)});`];
}

function argumentsOf(verb: string, { body, code }: Step): string {
  if (code !== undefined) {
    const { ticket: _ticket, url: _url, ...how } = body;
    const rest = isEmpty(how) ? '' : `, ...${literal(how, 1)}`;
    return `{ ticket: await makeCode(${literal(requestOf(code), 1)})${rest} }`;
  }
  if (verb === 'tap') {
    const { button, ...how } = body;
    return isEmpty(how) ? literal(button, 1) : `${literal(button, 1)}, ${literal(how, 1)}`;
  }
  const { type, text, ...more } = body;
  if (verb === 'send' && type === 'text' && isEmpty(more)) return literal(text, 1);
  return isEmpty(body) ? '' : literal(body, 1);
}

/** As qrcode/create takes it. */
function requestOf({ scene: { scene, permanent }, expireSeconds }: QrCode): object {
  const kind = typeof scene === 'number' ? 'SCENE' : 'STR_SCENE';
  return {
    ...(expireSeconds !== undefined && { expire_seconds: expireSeconds }),
    action_name: `QR_${permanent ? 'LIMIT_' : ''}${kind}`,
    action_info: { scene: typeof scene === 'number' ? { scene_id: scene } : { scene_str: scene } },
  };
}

/** What the account said until this person did the next thing, as far as another run says the same. */
function answersTo({ steps, messages }: Session, step: Step, index: number): readonly object[] {
  const { firstPush, person } = step;
  if (firstPush === undefined || person === undefined) return [];
  const next = steps.slice(index + 1).find((later) => later.firstPush !== undefined)?.firstPush;
  return messages(person.openid)
    .filter(({ push_id: id }) => id !== null && id >= firstPush && id < (next ?? Infinity))
    .filter(({ from, content }) => from === 'account' || content.type === 'unavailable')
    .map(({ content }) => lasting(content));
}

/** Ids of media and addresses are others in each run. */
function lasting(content: ChatContent): object {
  if (content.type === 'text') return { type: 'text', text: content.text };
  if (content.type === 'news') {
    return { type: 'news', articles: content.articles.map(({ title, url }) => ({ title, url })) };
  }
  return { type: content.type };
}

function isEmpty(body: object): boolean {
  return Object.keys(body).length === 0;
}

function isText(text: string | false): text is string {
  return text !== false;
}

const longestLine = 90;

/** A value as Prettier would write it: on one line where it fits. */
function literal(value: unknown, depth: number): string {
  const flat = flatLiteral(value);
  if (flat.length + depth * 2 <= longestLine || typeof value !== 'object' || value === null) return flat;
  const inner = '  '.repeat(depth + 1);
  const end = '  '.repeat(depth);
  if (Array.isArray(value)) {
    return `[\n${value.map((each) => `${inner}${literal(each, depth + 1)},\n`).join('')}${end}]`;
  }
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{\n${members.map(([name, each]) => `${inner}${keyOf(name)}: ${literal(each, depth + 1)},\n`).join('')}${end}}`;
}

function flatLiteral(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(flatLiteral).join(', ')}]`;
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  if (members.length === 0) return '{}';
  return `{ ${members.map(([name, each]) => `${keyOf(name)}: ${flatLiteral(each)}`).join(', ')} }`;
}

function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? name : quote(name);
}

/** In single quotes, where JSON's escapes mean the same. */
function quote(text: string): string {
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"');
  return `'${inner
    .replaceAll("'", String.raw`\'`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`)}'`;
}

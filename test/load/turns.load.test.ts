/** A hundred thousand people, and a full log: nobody waits long for somebody else's answer. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSimulator } from '../../src/library/index.ts';
import type { SavedSimulator } from '../../src/simulator/account/saved.ts';
import type { SavedMass } from '../../src/simulator/nouns/mass/state.ts';
import type { SavedFollowers } from '../../src/simulator/nouns/user/state.ts';
import { startSimulator, temporaryFolder } from '../helpers/command.ts';

const people = 100_000;
/** In milliseconds of processor time, whatever else the machine does. */
const longestMs = 50;
/** Before Node.js 24 the threads of the collector are counted with the one that answers. */
const collectorMs = 25;

const { threadCpuUsage } = process as NodeJS.Process & { readonly threadCpuUsage?: () => NodeJS.CpuUsage };
const usage = (): NodeJS.CpuUsage => threadCpuUsage?.() ?? process.cpuUsage();

/** The longest turn of the event loop while the work was under way. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let isDone = false;
  let longest = 0;
  const end = work().finally(() => (isDone = true));
  for (let before = usage(); !isDone; before = usage()) {
    await new Promise((resolve) => setImmediate(resolve));
    const { user, system } = usage();
    longest = Math.max(longest, (user + system - before.user - before.system) / 1000);
  }
  await end;
  return longest;
}

/** Reads an answer and looks at nothing of it. */
async function drain(simulator: { readonly url: string }, path: string, body?: object): Promise<void> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(simulator.url + path, init);
  expect(response.status).toBe(200);
  for await (const _ of response.body ?? []);
}

/** Does one thing after the other; `slow` has those with a turn that was too long. */
function watchTurns() {
  const slow: Record<string, number> = {};
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const longest = await longestTurn(work);
    console.log(`${name}: longest turn ${longest.toFixed(1)} ms`);
    if (longest > longestMs + (threadCpuUsage === undefined ? collectorMs : 0)) slow[name] = longest;
  };
  return { slow, step };
}

test('no turn of the event loop is long with 100 000 people', { timeout: 300_000 }, async () => {
  const simulator = await createSimulator();
  const { appid, secret } = simulator;
  const login = { grant_type: 'client_credential', appid, secret };
  const answer = await fetch(`${simulator.url}/cgi-bin/stable_token`, {
    method: 'POST',
    body: JSON.stringify(login),
  });
  const { access_token: token } = (await answer.json()) as { readonly access_token: string };
  const api = (path: string): string => `${path}?access_token=${token}`;
  const { slow, step } = watchTurns();
  // What is done for the first time is loaded and compiled.
  for (const path of ['requests', 'requests?format=har', 'followers', 'openapi.json', 'state'])
    await drain(simulator, `/_ctl/${path}`);

  await step('make them', () => drain(simulator, '/_ctl/followers', { count: people, tag_ids: [100] }));
  await step('read a page', () => drain(simulator, '/_ctl/followers'));
  await step('user/get', () => drain(simulator, api('/cgi-bin/user/get')));
  await step('user/tag/get', () => drain(simulator, api('/cgi-bin/user/tag/get'), { tagid: 100 }));
  for (let sent = 0; sent < 1000; sent += 1)
    await drain(simulator, '/cgi-bin/token', { text: `${sent}`.repeat(3000) });
  await step('requests', () => drain(simulator, '/_ctl/requests'));
  await step('requests that are searched', () => drain(simulator, '/_ctl/requests?contains=nothing'));
  await step('requests as HAR', () => drain(simulator, '/_ctl/requests?format=har'));
  await step('OpenAPI', () => drain(simulator, '/_ctl/openapi.json'));
  await step('the state as a file', () => drain(simulator, '/_ctl/state?format=file'));
  await step('snapshot', () => drain(simulator, '/_ctl/snapshot', { name: 'many' }));
  await step('restore', () => drain(simulator, '/_ctl/restore', { name: 'many' }));
  const message = { filter: { is_to_all: true }, msgtype: 'text', text: { content: 'hi' } };
  await step('mass message', () => drain(simulator, api('/cgi-bin/message/mass/sendall'), message));
  const byTag = { ...message, filter: { is_to_all: false, tag_id: 100 } };
  for (const name of ['by tag, to people who had one', 'again', 'once more', 'to nobody any more'])
    await step(`mass message ${name}`, () => drain(simulator, api('/cgi-bin/message/mass/sendall'), byTag));
  await step('delete a tag', () => drain(simulator, api('/cgi-bin/tags/delete'), { tag: { id: 100 } }));
  await step('reset', () => drain(simulator, '/_ctl/reset', {}));
  await step('scenario', () => drain(simulator, '/_ctl/scenario', { followers: [{ count: people }] }));
  await simulator.close();
  expect(slow).toEqual({});
});

test('no turn is long while --state writes 100 000 people', { timeout: 300_000 }, async () => {
  const state = join(temporaryFolder(), 'state.json');
  const simulator = await startSimulator(['--state', state]);
  const { slow, step } = watchTurns();
  const written = async (least: number): Promise<void> => {
    const { ino } = statSync(state);
    while (statSync(state).ino === ino || statSync(state).size < least)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await step('make them', () => drain(simulator, '/_ctl/followers', { count: people, tag_ids: [100] }));
  await step('write them', () => written(20_000_000));
  const login = { grant_type: 'client_credential', appid: simulator.appid, secret: simulator.secret };
  const { access_token: token } = (await (
    await fetch(`${simulator.url}/cgi-bin/stable_token`, { method: 'POST', body: JSON.stringify(login) })
  ).json()) as { readonly access_token: string };
  const message = { filter: { is_to_all: false, tag_id: 100 }, msgtype: 'text', text: { content: 'hi' } };
  const send = `/cgi-bin/message/mass/sendall?access_token=${token}`;
  await step('write what a mass message leaves', async () => {
    const { size } = statSync(state);
    await drain(simulator, send, message);
    await written(size + 1_000_000);
  });
  await simulator.kill();
  const { accounts } = JSON.parse(readFileSync(state, 'utf8')) as Pick<SavedSimulator, 'accounts'>;
  const { followers, mass } = accounts[0]?.platform.nouns ?? expect.fail('no account');
  expect((followers as SavedFollowers).people).toHaveLength(people);
  expect((mass as SavedMass).month.received).toHaveLength(people);
  expect(slow).toEqual({});
});

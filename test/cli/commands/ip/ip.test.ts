import { describe, expect, test } from 'vitest';
import { fakeWorld, type FakeWorld } from '../../../helpers/fake-io.ts';
import { simulatorBase } from '../../../helpers/through-simulator.ts';

async function closeList(
  { simulator }: FakeWorld,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const init = { method: 'POST', body: JSON.stringify(settings) };
  expect((await simulator.fetch(new Request(`${simulatorBase}/_ctl/settings`, init))).status).toBe(200);
}

const errorOf = (stderr: string): Readonly<Record<string, unknown>> =>
  (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { readonly error: Record<string, unknown> }).error;

describe('ip', () => {
  test('prints the address alone, out of what WeChat keeps of a refused call', async () => {
    const { code, stdout } = await fakeWorld().run('ip');
    expect([code, stdout]).toEqual([0, '127.0.0.1\n']);
    expect(JSON.parse((await fakeWorld().run('ip', '--json')).stdout)).toEqual({
      ip: '127.0.0.1',
      allowed: true,
      source: 'rid',
    });
  });

  test.each(['token', 'business call'])('takes it from the 40164 of a %s', async (which) => {
    const world = fakeWorld();
    if (which !== 'token') await world.run('token');
    await closeList(world, { whitelist: ['203.0.113.7'] });
    const { code, stdout, stderr } = await world.run('ip');
    expect([code, stdout]).toEqual([0, '127.0.0.1\n']);
    expect(stderr).toMatch(/! It is not in the whitelist \(40164\): add it at .*API IP 白名单/);
    const json = await world.run('ip', '--json');
    expect(JSON.parse(json.stdout)).toEqual({ ip: '127.0.0.1', allowed: false, source: 'errmsg' });
  });

  test('waits a moment for a request that WeChat does not know yet', async () => {
    const world = fakeWorld({ timePasses: true });
    await world.fault({ path: '/cgi-bin/openapi/rid/get', errcode: 76001, times: 2 });
    expect((await world.run('ip')).stdout).toBe('127.0.0.1\n');
  });

  test.each([
    ['never knows the request', { errcode: 76001, times: 3 }],
    ['tells nothing of it', { errcode: 48001 }],
    ['hides a part of the address', { body: '{"errcode":0,"request":{"client_ip":"113.xx.70.51"}}' }],
  ])('is exit 1 where WeChat %s', async (_name, fault) => {
    const world = fakeWorld({ timePasses: true });
    await world.fault({ path: '/cgi-bin/openapi/rid/get', ...fault });
    const { code, stdout, stderr } = await world.run('ip', '--json');
    const isPermission = 'errcode' in fault && fault.errcode === 48001;
    expect({ code, stdout }).toEqual({ code: isPermission ? 3 : 1, stdout: '' });
    expect(errorOf(stderr)['type']).toBe(isPermission ? 'no_permission' : 'ip_unknown');
  });

  test('says with another error what stands in the way', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_APPSECRET: '0'.repeat(32) } });
    const { code, stderr } = await world.run('ip', '--json');
    expect([code, errorOf(stderr)['errcode']]).toEqual([3, 40125]);
  });

  test.each([
    ['--api', '/cgi-bin/get_api_domain_ip'],
    ['--callback', '/cgi-bin/getcallbackip'],
  ])('%s prints an address or a block a line', async (flag, call) => {
    const world = fakeWorld();
    const body = '{"ip_list":["101.89.47.18","101.226.103.0/25"]}';
    await world.fault({ path: call, body, times: 2 });
    expect((await world.run('ip', flag)).stdout).toBe('101.89.47.18\n101.226.103.0/25\n');
    expect((await world.run('ip', flag, '--json')).stdout).toBe(`${body}\n`);
    expect((await world.run('ip', '--api', '--callback')).code).toBe(2);
  });
});

import { describe, expect, test } from 'vitest';
import type { Fetch } from '../../../../src/io/ports.ts';
import { fakeWorld } from '../../../helpers/fake-io.ts';

test('--debug prints each exchange with headers and bodies, and no secret', async () => {
  const world = fakeWorld();
  const { code, stdout, stderr } = await world.run('token', '--debug');
  expect(code).toBe(0);
  expect(stderr).toMatch(/^> POST http:\/\/127\.0\.0\.1:8090\/cgi-bin\/stable_token$/m);
  expect(stderr).toMatch(/^> content-type: application\/json/im);
  expect(stderr).toMatch(/^> \{.*"grant_type":"client_credential".*"secret":"\*\*\*"/m);
  expect(stderr).toMatch(/^< 200\n< content-type: application\/json/m);
  expect(stderr).toMatch(/^< \{"access_token":"\*\*\*","expires_in":7200/m);
  expect(stderr).not.toContain(world.simulator.account.secret);
  expect(stderr).not.toContain(stdout.trim());
});

test('--debug shows a picture by its size, and --verbose no exchange', async () => {
  const world = fakeWorld();
  const create = ['qr', 'create', '--scene', '1', '--out', 'qr.jpg'];
  expect((await world.run(...create, '--debug')).stderr).toMatch(/^< \(\d+ bytes, image\/jpe?g\)$/m);
  expect((await world.run(...create, '-v')).stderr).not.toMatch(/^[<>] /m);
});

describe('--debug towards a developer', () => {
  const answer: Fetch = async () => ({
    status: 403,
    headers: { 'content-type': 'text/html', 'x-powered-by': 'Express' },
    body: Buffer.from('<h1>Forbidden</h1>'),
  });
  const to = 'http://127.0.0.1:3000/wechat';

  test.each([
    [
      'handshake probe',
      ['handshake', 'probe', to, '--debug'],
      /^> GET \S+\/wechat\?signature=\w{40}&echostr=\d+&/m,
    ],
    [
      'trigger',
      ['trigger', 'text', '--mode', 'plain', '--to', to, '--debug'],
      /^> POST \S+\/wechat\?signature=/m,
    ],
    ['trigger', ['trigger', 'text', '--mode', 'plain', '--to', to, '--debug'], /^> <xml>[^]*<MsgType>/m],
  ])('%s tells all that was sent and answered', async (_, words, sent) => {
    const world = fakeWorld({ fetch: answer });
    const { code, stderr } = await world.run(...words);
    expect([code, stderr]).toEqual([1, expect.stringMatching(sent)]);
    expect(stderr).toMatch(/^> user-agent: Mozilla\/4\.0$/m);
    expect(stderr).toMatch(
      /^< 403\n< content-type: text\/html\n< x-powered-by: Express\n< <h1>Forbidden<\/h1>$/m,
    );
    expect(stderr).not.toContain(world.simulator.account.callbackToken);
  });
});

test('bytes that are no text are told by their number', async () => {
  const body = Uint8Array.from([0xff, 0xfe, 0x00]);
  const fetch: Fetch = async () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body });
  const { stderr } = await fakeWorld({ fetch }).run('handshake', 'probe', 'http://127.0.0.1:1/', '--debug');
  expect(stderr).toContain('< (3 bytes, text/plain)\n');
});

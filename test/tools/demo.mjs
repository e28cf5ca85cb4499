// `npm run demo`: the whole main job with the real command, against the simulator that this script is started under.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const command = path.join(root, 'bin/wechat-mp.js');
const folder = mkdtempSync(path.join(tmpdir(), 'wechat-mp-demo-'));
process.env['WECHAT_MP_CACHE_DIR'] = path.join(folder, 'cache');
const chinese = /^zh/i.test(
  ['WECHAT_MP_LANG', 'LC_ALL', 'LC_MESSAGES', 'LANG'].map((name) => process.env[name]).find(Boolean) ?? '',
);
const say = (en, zh) => console.log(`\n# ${chinese ? zh : en}`);

/** Shows a command line, runs it, shows its output, and returns stdout. Any failure ends the demo. */
function run(...words) {
  const shown = words.map((word) => (/[\s&?]/.test(word) ? `'${word}'` : word)).join(' ');
  console.log(`$ wechat-mp ${shown}`);
  const { status, stdout } = spawnSync(process.execPath, [command, '--quiet', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: root,
  });
  process.stdout.write(stdout);
  if (status !== 0) process.exit(status ?? 1);
  return stdout.trim();
}

function expect(fact, text) {
  if (fact) return;
  console.error(`✗ ${text}`);
  server?.kill();
  process.exit(1);
}

let server;
say('1. An access_token, fetched once and then from the cache', '1. 获取 access_token，之后使用缓存');
const token = run('token');
expect(run('token') === token, 'the second token is another one');

say('2. Push a menu', '2. 发布菜单');
run('menu', 'push', 'menus/basic.json', '--yes');

say('3. A QR code with a scene, and its image', '3. 带参数二维码及其图片');
const image = path.join(folder, 'qr.jpg');
run('qr', 'create', '--scene', '123', '--out', image);
expect(readFileSync(image).subarray(0, 2).toString('hex') === 'ffd8', 'the image is no JPEG');

say('4. Sign a page for the JS-SDK', '4. 为 JS-SDK 签名网页');
run('sign-url', 'https://example.com/a?x=1');

say(
  '5. Verify a message server, as WeChat does (here our own, "wechat-mp serve")',
  '5. 像微信一样验证消息服务器（这里用 wechat-mp serve）',
);
const readyFile = path.join(folder, 'ready.json');
server = spawn(
  process.execPath,
  [command, '--quiet', 'serve', '--port', '0', '--mode', 'plain', '--ready-file', readyFile],
  {
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
for (let waited = 0; !existsSync(readyFile); waited += 20) {
  expect(waited < 10_000, 'the message server did not start');
  await new Promise((resolve) => setTimeout(resolve, 20));
}
const { url } = JSON.parse(readFileSync(readyFile, 'utf8'));
const signed = run('handshake', 'sign', '--url', url, '--echostr', '4375120948345356249');
const echoed = await (await fetch(signed)).text();
console.log(`GET → ${echoed}`);
expect(echoed === '4375120948345356249', 'the handshake failed');
run('handshake', 'check', signed);

say('6. Send a message and see it echoed', '6. 发送消息并看到回显');
const message =
  '<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><FromUserName><![CDATA[o9AgO5Kd5ggOC-bXrbNODIiE3bGY]]></FromUserName>' +
  '<CreateTime>1714037059</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好]]></Content><MsgId>24534963034417920</MsgId></xml>';
const reply = await (await fetch(signed, { method: 'POST', body: message })).text();
console.log(`POST 你好 → ${reply}`);
expect(reply.includes('<Content><![CDATA[你好]]></Content>'), 'the message was not echoed');
server.kill();

console.log(`\n✓ ${chinese ? '全部完成，二维码图片在' : 'All done. The QR image is in'} ${folder}`);

/**
 * Programs as developers write them for the real platform, with its real addresses. Each fetches a token, pushes a menu,
 * uploads a picture and gets a QR code, asks another host, and says what came of it in the same five lines.
 */

export const expectedLines = `token SIM
menu ok
picture http
code ffd8
other untouched
`;

const menu = '{"button":[{"type":"click","name":"今日歌曲","key":"V1001_TODAY_MUSIC"}]}';
const scene = '{"action_name":"QR_LIMIT_SCENE","action_info":{"scene":{"scene_id":123}}}';

export const curl = String.raw`
set -eu
api=https://api.weixin.qq.com/cgi-bin
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
token=$(curl -sS "$api/token?grant_type=client_credential&appid=$APPID&secret=$SECRET" | field access_token)
echo "token $(echo "$token" | cut -c 1-3)"
echo "menu $(curl -sS -d '${menu}' "$api/menu/create?access_token=$token" | field errmsg)"
echo "picture $(curl -sS -F media=@picture.png "$api/media/uploadimg?access_token=$token" | field url | cut -c 1-4)"
ticket=$(curl -sS -d '${scene}' "$api/qrcode/create?access_token=$token" | field ticket)
curl -sS -G --data-urlencode "ticket=$ticket" https://mp.weixin.qq.com/cgi-bin/showqrcode -o curl.jpg
echo "code $(od -An -tx1 -N2 curl.jpg | tr -d ' \n')"
echo "other $(curl -sS "$OTHER")"
`;

export const python = `
import json, os, urllib.request
from urllib.parse import urlencode

def ask(url, body=None, kind='application/json'):
    request = urllib.request.Request(url, body, {} if body is None else {'Content-Type': kind})
    with urllib.request.urlopen(request) as response:
        return response.read()

api = 'https://api.weixin.qq.com/cgi-bin'
query = urlencode({'grant_type': 'client_credential', 'appid': os.environ['APPID'], 'secret': os.environ['SECRET']})
token = json.loads(ask(f'{api}/token?{query}'))['access_token']
print('token', token[:3])
print('menu', json.loads(ask(f'{api}/menu/create?access_token={token}', '${menu}'.encode()))['errmsg'])
head = b'--b\\r\\nContent-Disposition: form-data; name="media"; filename="a.png"\\r\\nContent-Type: image/png\\r\\n\\r\\n'
form = head + open('picture.png', 'rb').read() + b'\\r\\n--b--\\r\\n'
uploaded = json.loads(ask(f'{api}/media/uploadimg?access_token={token}', form, 'multipart/form-data; boundary=b'))
print('picture', uploaded['url'][:4])
ticket = json.loads(ask(f'{api}/qrcode/create?access_token={token}', b'${scene}'))['ticket']
print('code', ask('https://mp.weixin.qq.com/cgi-bin/showqrcode?' + urlencode({'ticket': ticket}))[:2].hex())
print('other', ask(os.environ['OTHER']).decode())
`;

/** The same with either of PHP's ways to ask. */
export const php = `<?php
function byStream(string $url, ?string $body = null, string $kind = 'application/json'): string {
  if ($body === null) return file_get_contents($url);
  // Its own options for one call; the default context's proxy stays.
  stream_context_set_option(stream_context_get_default(), 'http', 'method', 'POST');
  stream_context_set_option(stream_context_get_default(), 'http', 'header', "Content-Type: $kind");
  stream_context_set_option(stream_context_get_default(), 'http', 'content', $body);
  $answer = file_get_contents($url);
  stream_context_set_option(stream_context_get_default(), 'http', 'method', 'GET');
  stream_context_set_option(stream_context_get_default(), 'http', 'content', '');
  return $answer;
}
function byCurl(string $url, ?string $body = null, string $kind = 'application/json'): string {
  $handle = curl_init($url);
  curl_setopt($handle, CURLOPT_RETURNTRANSFER, true);
  if ($body !== null) {
    curl_setopt($handle, CURLOPT_POSTFIELDS, $body);
    curl_setopt($handle, CURLOPT_HTTPHEADER, ["Content-Type: $kind"]);
  }
  $answer = curl_exec($handle);
  if ($answer === false) throw new Exception(curl_error($handle));
  return $answer;
}
$ask = $argv[1];
$api = 'https://api.weixin.qq.com/cgi-bin';
$query = ['grant_type' => 'client_credential', 'appid' => getenv('APPID'), 'secret' => getenv('SECRET')];
$token = json_decode($ask("$api/token?" . http_build_query($query)), true)['access_token'];
echo 'token ', substr($token, 0, 3), "\\n";
echo 'menu ', json_decode($ask("$api/menu/create?access_token=$token", '${menu}'), true)['errmsg'], "\\n";
$form = "--b\\r\\nContent-Disposition: form-data; name=\\"media\\"; filename=\\"a.png\\"\\r\\nContent-Type: image/png\\r\\n\\r\\n"
  . file_get_contents('picture.png') . "\\r\\n--b--\\r\\n";
$uploaded = json_decode($ask("$api/media/uploadimg?access_token=$token", $form, 'multipart/form-data; boundary=b'), true);
echo 'picture ', substr($uploaded['url'], 0, 4), "\\n";
$ticket = json_decode($ask("$api/qrcode/create?access_token=$token", '${scene}'), true)['ticket'];
$code = $ask('https://mp.weixin.qq.com/cgi-bin/showqrcode?' . http_build_query(['ticket' => $ticket]));
echo 'code ', bin2hex(substr($code, 0, 2)), "\\n";
if ($ask === 'byCurl') echo 'other ', $ask(getenv('OTHER')), "\\n";
`;

/** The streams of PHP 8.2 keep the name of the first https host of a script, and ask every other host by it. */
export const phpOther = `<?php
echo $fromOwnPrepend, ' ', file_get_contents(getenv('OTHER')), "\\n";
`;

export const nodeFetch = `
const { APPID, SECRET, OTHER } = process.env;
const ask = async (url, body) => await fetch(url, body === undefined ? {} : { method: 'POST', body });
const json = async (url, body) => await (await ask(url, body)).json();
(async () => {
  const api = 'https://api.weixin.qq.com/cgi-bin';
  const query = new URLSearchParams({ grant_type: 'client_credential', appid: APPID, secret: SECRET });
  const { access_token: token } = await json(api + '/token?' + query);
  console.log('token', token.slice(0, 3));
  console.log('menu', (await json(api + '/menu/create?access_token=' + token, '${menu}')).errmsg);
  const form = new FormData();
  form.set('media', new Blob([require('fs').readFileSync('picture.png')], { type: 'image/png' }), 'a.png');
  // WeChat refuses a body without its length.
  const sized = new Response(form);
  const body = Buffer.from(await sized.arrayBuffer());
  const upload = { method: 'POST', body, headers: { 'content-type': sized.headers.get('content-type') } };
  const uploaded = await fetch(api + '/media/uploadimg?access_token=' + token, upload);
  console.log('picture', (await uploaded.json()).url.slice(0, 4));
  const { ticket } = await json(api + '/qrcode/create?access_token=' + token, '${scene}');
  const code = await ask('https://mp.weixin.qq.com/cgi-bin/showqrcode?' + new URLSearchParams({ ticket }));
  console.log('code', Buffer.from(await code.arrayBuffer()).subarray(0, 2).toString('hex'));
  console.log('other', await (await ask(OTHER)).text());
})();
`;

/** Other people's libraries as they come, one after the other: each says whether a token came. \`ROOT\` has their packages. */
export const nodeLibraries = `
const need = require('node:module').createRequire(process.env.ROOT + '/package.json');
const { APPID, SECRET } = process.env;
const query = new URLSearchParams({ grant_type: 'client_credential', appid: APPID, secret: SECRET });
const url = 'https://api.weixin.qq.com/cgi-bin/token?' + query;
const easyWechat = () => {
  const { OfficialAccount } = need('node-easywechat');
  const options = { app_id: APPID, secret: SECRET, use_stable_access_token: true, file_cache: { path: '.' } };
  return new OfficialAccount(options).getAccessToken().getToken();
};
const called = (make) => new Promise((resolve, reject) => make((error, data) => (error ? reject(error) : resolve(data))));
const byHttps = (options) => new Promise((resolve, reject) => {
  require('https').get(url, options, (response) => {
    response.setEncoding('utf8').on('data', (text) => resolve(JSON.parse(text).access_token));
  }).on('error', reject);
});
const ways = {
  https: () => byHttps({}),
  'https, own agent, IPv6': () => byHttps({ family: 6, agent: new (require('https').Agent)({ keepAlive: true }) }),
  undici: async () => (await (await need('undici').request(url)).body.json()).access_token,
  axios: async () => (await require(need.resolve('axios', { paths: [need.resolve('node-easywechat')] })).get(url)).data.access_token,
  'co-wechat-api': async () => (await new (need('co-wechat-api'))(APPID, SECRET).getAccessToken()).accessToken,
  'wechat-api': async () => (await called((done) => new (need('wechat-api'))(APPID, SECRET).getAccessToken(done))).accessToken,
  'node-easywechat': easyWechat,
  worker: () => called((done) => new (require('worker_threads').Worker)(
    'require("worker_threads").parentPort.on("message", (url) => fetch(url).then((r) => r.json()).then((v) => { require("worker_threads").parentPort.postMessage(v.access_token); process.exit(); }))',
    { eval: true }).on('message', (token) => done(null, token)).on('error', done).postMessage(url)),
};
(async () => {
  for (const [name, ask] of Object.entries(ways)) {
    console.log(name, await ask().then((token) => token.slice(0, 3), (error) => String(error.cause ?? error)));
  }
  process.exit();
})();
`;

/**
 * A network of its own, in which a resolver and the platform are on loopback and count: who asks for a name, and who
 * connects. The file \`counts\` has what they have counted; at the end of \`PROGRAM\` it is said.
 */
export const countingNetwork = `
const { writeFileSync } = require('node:fs');
const counts = { resolver: 0, platform: 0 };
const count = (name) => {
  if (name !== undefined) counts[name] += 1;
  writeFileSync('counts', JSON.stringify(counts) + '\\n');
};
const resolver = require('node:dgram').createSocket('udp4').on('message', (query, from) => {
  if (query.includes('weixin')) count('resolver');
  const end = query.indexOf(0, 12) + 5;
  const isName = query.readUInt16BE(end - 4) === 1;
  const head = Buffer.from([query[0], query[1], 0x81, 0x80, 0, 1, 0, isName ? 1 : 0, 0, 0, 0, 0]);
  const answer = isName ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 9] : [];
  resolver.send(Buffer.concat([head, query.subarray(12, end), Buffer.from(answer)]), from.port, from.address);
});
const platform = require('node:net').createServer((socket) => {
  count('platform');
  socket.destroy();
});
count();
resolver.bind(53, '127.0.0.1', () => platform.listen(443, '127.0.0.9', () => {
  const child = require('node:child_process').spawn('sh', ['-c', process.env.PROGRAM], { stdio: 'inherit' });
  child.on('close', () => {
    console.log(JSON.stringify(counts));
    process.exit();
  });
}));
`;

/** Each program asks once, and says whether something came. */
export const askAll = String.raw`
said() { if [ "$1" = 0 ]; then echo answered; else echo failed; fi; }
url=https://api.weixin.qq.com/cgi-bin/token
curl -sS -o answer.txt "$url" 2>/dev/null; echo "curl $(said $?)"
python3 -c "import urllib.request; urllib.request.urlopen('$url')" 2>/dev/null; echo "python $(said $?)"
echo "<?php exit(@file_get_contents('$url') === false ? 1 : 0);" > ask.php
php ask.php; echo "php $(said $?)"
node -e "fetch('$url').catch(() => process.exit(1))"; echo "node $(said $?)"
`;

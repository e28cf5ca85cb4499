/** `serve` as WeChat meets it, and the signing commands against known answers of other people. */
import http from 'node:http';
import { describe, expect, test } from 'vitest';
import { runHere } from '../helpers/in-process.ts';
import { vectors } from '../helpers/vectors.ts';
import { envelopeOf, messageOf } from '../helpers/hostile.ts';
import {
  account,
  accountEnvironment,
  answerTo,
  element,
  othersCrypt,
  post,
  signedQuery,
  spawnServing,
  startServing,
  type Answer,
  type Serving,
} from './serving.ts';

const echostr = '4375120948345356249';

async function get(url: string): Promise<Answer> {
  return await answerTo(http.get(url, { agent: false }));
}

const refused: Answer = { status: 403, type: 'text/plain; charset=utf-8', body: '' };

describe.each(['plain', 'compat', 'safe'] as const)('serve --mode %s', (mode) => {
  test('echoes exactly the echostr of a signed GET', async () => {
    const serving = await startServing(['--mode', mode]);
    const query = signedQuery();
    query.set('echostr', echostr);
    expect(await get(`${serving.url}?${query}`)).toEqual({
      status: 200,
      type: 'text/plain; charset=utf-8',
      body: echostr,
    });
    expect(await serving.next()).toEqual({ type: 'handshake', id: '1', status: 200, ms: expect.any(Number) });
  });

  test('answers a wrong signature 403 with nothing of the echostr', async () => {
    const serving = await startServing(['--mode', mode]);
    const good = signedQuery();
    const foreign = signedQuery(undefined, { callbackToken: 'BBBBB' });
    const late = signedQuery();
    late.set('timestamp', String(Number(late.get('timestamp')) + 1));
    const missing = signedQuery();
    missing.delete('signature');
    for (const query of [foreign, late, missing]) {
      query.set('echostr', echostr);
      expect(await get(`${serving.url}?${query}`)).toEqual(refused);
      expect(await serving.next()).toMatchObject({ type: 'refused', method: 'GET', reason: 'signature' });
    }
    good.set('echostr', '<script>');
    expect(await get(`${serving.url}?${good}`)).toEqual(refused);
    expect(await serving.next()).toMatchObject({ type: 'refused', reason: 'echostr' });
  });

  test('refuses another path with 404 and another method with 405', async () => {
    const serving = await startServing(['--mode', mode]);
    const query = signedQuery();
    query.set('echostr', echostr);
    expect(await get(`${serving.url}2?${query}`)).toEqual({ ...refused, status: 404 });
    expect(await serving.next()).toMatchObject({ type: 'refused', reason: 'path', status: 404 });
    const answer = await fetch(`${serving.url}?${query}`, { method: 'PUT', body: messageOf('你好') });
    expect({ status: answer.status, allow: answer.headers.get('allow'), body: await answer.text() }).toEqual({
      status: 405,
      allow: 'GET, POST',
      body: '',
    });
    expect(await serving.next()).toMatchObject({ type: 'refused', reason: 'method', method: 'PUT' });
  });
});

describe('serve with plain messages', () => {
  test.each(['plain', 'compat'])('echoes a text in %s mode', async (mode) => {
    const serving = await startServing(['--mode', mode]);
    const { status, type, body } = await post(`${serving.url}?${signedQuery()}`, messageOf('你好 😀 <b>&'));
    expect({ status, type }).toEqual({ status: 200, type: 'text/xml; charset=utf-8' });
    const names = ['ToUserName', 'FromUserName', 'MsgType', 'Content'];
    expect(names.map((name) => element(body, name))).toEqual([
      'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
      'gh_97417a04a28d',
      'text',
      '你好 😀 <b>&',
    ]);
    expect(element(body, 'CreateTime')).toMatch(/^\d{10}$/);
  });

  test('ties message and reply by id and keeps every digit of a 64-bit MsgId', async () => {
    const serving = await startServing(['--mode', 'plain']);
    const message = messageOf('hello', '9223372036854775807');
    const { body } = await post(`${serving.url}?${signedQuery()}`, message);
    expect([await serving.next(), await serving.next()]).toEqual([
      {
        type: 'message',
        id: '1',
        msg_type: 'text',
        from: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
        encrypted: false,
        format: 'xml',
        repeated: false,
        body: message,
      },
      {
        type: 'reply',
        id: '1',
        status: 200,
        ms: expect.any(Number),
        msg_type: 'text',
        timed_out: false,
        body,
      },
    ]);
  });

  test('tells a repeated message by every digit of its MsgId', async () => {
    const serving = await startServing(['--mode', 'plain']);
    const send = async (content: string, msgId: string): Promise<string> =>
      (await post(`${serving.url}?${signedQuery()}`, messageOf(content, msgId))).body;
    const first = await send('one', '9223372036854775806');
    // The same number as text, another one as a double.
    const second = await send('two', '9223372036854775807');
    expect([element(first, 'Content'), element(second, 'Content')]).toEqual(['one', 'two']);
    expect(await send('three', '9223372036854775806')).toBe(first);
    const messages = (await serving.first(6)).filter(({ type }) => type === 'message');
    expect(messages.map(({ repeated }) => repeated)).toEqual([false, false, true]);
  });

  test('refuses a body that was signed by nobody, is no XML, or has a DTD', async () => {
    const serving = await startServing(['--mode', 'plain']);
    const foreign = signedQuery(undefined, { callbackToken: 'BBBBB' });
    expect(await post(`${serving.url}?${foreign}`, messageOf('x'))).toEqual(refused);
    for (const body of ['hello', '<!DOCTYPE xml [<!ENTITY a "b">]><xml><MsgType>&a;</MsgType></xml>']) {
      expect(await post(`${serving.url}?${signedQuery()}`, body)).toEqual(refused);
    }
    expect((await serving.first(3)).map(({ reason }) => reason)).toEqual(['signature', 'xml', 'xml']);
  });
});

describe('serve with encrypted messages', () => {
  const crypt = othersCrypt();

  function open(body: string): string {
    const [encrypt = '', timestamp = '', nonce = ''] = ['Encrypt', 'TimeStamp', 'Nonce'].map((name) =>
      element(body, name),
    );
    expect(element(body, 'MsgSignature')).toBe(crypt.getSignature(timestamp, nonce, encrypt));
    const { message, id } = crypt.decrypt(encrypt);
    expect(id).toBe(account.appId);
    return message;
  }

  test.each(['safe', 'compat', 'auto'])(
    'reads what wechat-crypto encrypts and answers what it reads, in %s mode',
    async (mode) => {
      const serving = await startServing(['--mode', mode]);
      for (const content of ['你好，世界', 'a', 'x'.repeat(1000), ']]&lt;😀']) {
        const message = messageOf(content, String(content.length));
        const encrypt = crypt.encrypt(message);
        const url = `${serving.url}?${signedQuery(encrypt)}`;
        const { status, body } = await post(url, envelopeOf(encrypt));
        expect(status).toBe(200);
        expect(element(open(body), 'Content')).toBe(content);
        expect(await serving.next()).toMatchObject({ type: 'message', encrypted: true, body: message });
        expect(await serving.next()).toMatchObject({ type: 'reply', msg_type: 'text' });
      }
    },
  );

  test('takes a plain message in compat mode and refuses it in safe mode', async () => {
    for (const [mode, status] of [
      ['compat', 200],
      ['safe', 403],
    ] as const) {
      const serving = await startServing(['--mode', mode]);
      expect((await post(`${serving.url}?${signedQuery()}`, messageOf('x'))).status).toBe(status);
    }
  });

  test('takes compat bodies, which carry the message twice, only by their ciphertext in safe mode', async () => {
    const serving = await startServing(['--mode', 'safe']);
    const encrypt = crypt.encrypt(messageOf('true'));
    const forged = messageOf('forged').replace('</xml>', `<Encrypt>${encrypt}</Encrypt></xml>`);
    const { body } = await post(`${serving.url}?${signedQuery(encrypt)}`, forged);
    expect(element(open(body), 'Content')).toBe('true');
  });

  test('gives one answer to every kind of forgery', async () => {
    const serving = await startServing(['--mode', 'safe']);
    const good = crypt.encrypt(messageOf('x'));
    const flipped = `${good.slice(0, 20)}${good[20] === 'A' ? 'B' : 'A'}${good.slice(21)}`;
    const wrongSignature = signedQuery(good);
    wrongSignature.set('msg_signature', '0'.repeat(40));
    const noSignature = signedQuery(good);
    noSignature.delete('msg_signature');
    const old = signedQuery(good);
    old.set('timestamp', '1714112445');
    const attempts = [
      [wrongSignature, good],
      [noSignature, good],
      [old, good],
      [signedQuery(good), flipped],
      [signedQuery(flipped), flipped],
      [signedQuery('AAAA'), 'AAAA'],
      [signedQuery('*'), '*'],
    ] as const;
    for (const [query, encrypt] of attempts) {
      expect(await post(`${serving.url}?${query}`, envelopeOf(encrypt))).toEqual(refused);
      expect(await serving.next()).toMatchObject({ type: 'refused' });
    }
  });

  test('refuses what was encrypted for another AppID', async () => {
    const serving = await startServing(['--mode', 'safe', '--appid', 'wx00000000000000aa']);
    const encrypt = crypt.encrypt(messageOf('x'));
    expect(await post(`${serving.url}?${signedQuery(encrypt)}`, envelopeOf(encrypt))).toEqual(refused);
    expect(await serving.next()).toMatchObject({ type: 'refused', reason: 'appid' });
  });

  test('opens the ciphertexts of the official page', async () => {
    const official = vectors.crypto.filter(({ published, token }) => published && token !== undefined);
    expect(official).toHaveLength(2);
    for (const { token = '', encoding_aes_key: key, appid, encrypt, msg } of official) {
      const serving = await startServing(['--mode', 'safe'], {
        env: { WECHAT_MP_APPID: appid, WECHAT_MP_CALLBACK_TOKEN: token, WECHAT_MP_AES_KEY: key },
      });
      const query = signedQuery(encrypt, { callbackToken: token });
      const { status } = await post(
        `${serving.url}?${query}`,
        JSON.stringify({ ToUserName: 'gh_1', Encrypt: encrypt }),
      );
      // One of the two is no push but a reply: it has no type, and nothing to answer.
      const type = msg.includes('MsgType') ? 'event' : 'unknown';
      expect(await serving.next()).toMatchObject({
        type: 'message',
        format: 'json',
        encrypted: true,
        msg_type: type,
        body: msg,
      });
      expect(status).toBe(200);
    }
  });

  test('needs AppID and EncodingAESKey for the encrypted modes: exit 3 with the next step', async () => {
    const WECHAT_MP_CALLBACK_TOKEN = account.callbackToken;
    const noKey = await runHere(['serve', '--port', '0', '--mode', 'safe'], {
      env: { WECHAT_MP_CALLBACK_TOKEN, WECHAT_MP_APPID: account.appId },
    });
    expect(noKey).toMatchObject({ code: 3, stdout: '' });
    expect(noKey.stderr).toMatch(
      /^✗ Cannot open encrypted messages: no EncodingAESKey is set\n {2}Fix: .+\n {2}More: wechat-mp explain aes_key_missing\n$/,
    );
    const noAppId = await runHere(['serve', '--port', '0'], {
      env: { WECHAT_MP_CALLBACK_TOKEN, WECHAT_MP_AES_KEY: account.aesKey },
    });
    expect(noAppId).toMatchObject({ code: 3, stdout: '' });
    expect(noAppId.stderr).toMatch(
      /^✗ Cannot open encrypted messages: no AppID is set\n {2}Fix: .+\n {2}More: wechat-mp explain appid_missing\n$/,
    );
  });

  test.each([
    ['short', 'safe', 'got 5 characters\n'],
    [`${'A'.repeat(42)}+`, 'compat', 'got 43 characters, among them something that is neither'],
    [`${'A'.repeat(42)} `, 'auto', 'got 42 characters\n'],
  ])('refuses the EncodingAESKey %j with exit 2 and a fix', async (WECHAT_MP_AES_KEY, mode, words) => {
    const env = {
      WECHAT_MP_CALLBACK_TOKEN: account.callbackToken,
      WECHAT_MP_APPID: account.appId,
      WECHAT_MP_AES_KEY,
    };
    const { code, stdout, stderr } = await runHere(['serve', '--port', '0', '--mode', mode], { env });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/\n {2}Fix: Copy it from .+\n {2}More: wechat-mp explain aes_key_invalid\n$/s);
  });
});

describe('SIGTERM', () => {
  /** A request whose head has arrived, as the interim answer proves, and whose body waits. */
  async function openRequest(serving: Serving, body: string): Promise<{ finish(): Promise<Answer> }> {
    const request = http.request(`${serving.url}?${signedQuery()}`, {
      method: 'POST',
      agent: false,
      headers: { expect: '100-continue', 'content-length': Buffer.byteLength(body) },
    });
    const answered = answerTo(request);
    request.flushHeaders();
    await new Promise((resolve) => request.once('continue', resolve));
    return {
      finish: async () => {
        request.end(body);
        return await answered;
      },
    };
  }

  /** Asks until the port is closed. */
  async function untilRefused(url: string): Promise<void> {
    for (;;) {
      const failed = await fetch(url).then(
        () => false,
        () => true,
      );
      if (failed) return;
    }
  }

  test('answers every request whose head has arrived, and takes no new one', async () => {
    const serving = await spawnServing(['--mode', 'plain']);
    const bodies = Array.from({ length: 50 }, (_, index) => messageOf(`number ${index}`, `7${index}`));
    const requests = await Promise.all(bodies.map((body) => openRequest(serving, body)));
    serving.child.kill('SIGTERM');
    await untilRefused(serving.url);
    const answers = await Promise.all(requests.map((request) => request.finish()));
    expect(answers.map(({ status, body }) => [status, element(body, 'Content')])).toEqual(
      bodies.map((_, index) => [200, `number ${index}`]),
    );
    expect(await serving.ended).toMatchObject({ code: 143, signal: null, stderr: 'Stopped\n' });
    expect(serving.events.filter(({ type }) => type === 'reply')).toHaveLength(50);
  });

  test('under load: who got no answer was not served', async () => {
    const serving = await spawnServing(['--mode', 'plain']);
    let sent = 0;
    let answered = 0;
    const client = async (): Promise<void> => {
      for (;;) {
        const message = messageOf('load', String((sent += 1)));
        // A connection for each: one that is kept open may be closed while the next request is on its way.
        const answer = await post(`${serving.url}?${signedQuery()}`, message).catch(() => undefined);
        if (answer === undefined) return;
        expect([answer.status, element(answer.body, 'Content')]).toEqual([200, 'load']);
        answered += 1;
        if (answered === 300) serving.child.kill('SIGTERM');
      }
    };
    await Promise.all(Array.from({ length: 50 }, client));
    expect(await serving.ended).toMatchObject({ code: 143, stderr: 'Stopped\n' });
    expect(answered).toBeGreaterThanOrEqual(300);
    expect(serving.events.filter(({ type }) => type === 'reply')).toHaveLength(answered);
  });
});

describe('known answers', () => {
  test('the official examples are among them', () => {
    const signatures = [...vectors.signature, ...vectors.jssdk].map(({ signature }) => signature);
    expect(signatures).toContain('f464b24fc39322e44b38aa78f5edd27bd1441696');
    expect(signatures).toContain('0f9de62fce790f9a083d5c99e95740ceb90c27ed');
  });

  test.each(vectors.signature)('handshake sign and check agree with: $source', async (vector) => {
    const env = { WECHAT_MP_CALLBACK_TOKEN: vector.token };
    const values = ['--timestamp', vector.timestamp, '--nonce', vector.nonce];
    // One vector has a Token that the console would not take.
    const stderr =
      vector.token.length < 3
        ? '! The callback Token is unusual: the console takes 3 to 32 letters and digits, and this has 1 character\n'
        : '';
    expect(await runHere(['handshake', 'sign', ...values], { env })).toEqual({
      code: 0,
      signal: null,
      stdout: `${vector.signature}\n`,
      stderr,
    });
    const check = ['handshake', 'check', ...values, '--signature'];
    expect(await runHere([...check, vector.signature], { env })).toEqual({
      code: 0,
      signal: null,
      stdout: 'valid\n',
      stderr,
    });
    const last = vector.signature.endsWith('0') ? '1' : '0';
    const wrong = await runHere([...check, vector.signature.slice(0, -1) + last], { env });
    expect(wrong).toMatchObject({ code: 1, stderr });
    // What would have been right is never said.
    expect(wrong.stdout).toContain('✗ The signature does not belong to this Token, timestamp and nonce\n');
    expect(wrong.stdout).not.toContain(vector.signature);
  });

  test.each(vectors.jssdk.filter(({ url }) => !url.includes('#')))(
    'sign-url agrees with: $source',
    async (vector) => {
      const words = [
        '--nonce',
        vector.noncestr,
        '--timestamp',
        String(vector.timestamp),
        '--ticket-stdin',
        '--as-is',
        '--json',
      ];
      const { code, stdout } = await runHere(['sign-url', vector.url, ...words], {
        env: accountEnvironment,
        input: vector.jsapi_ticket,
      });
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual({
        appId: account.appId,
        timestamp: vector.timestamp,
        nonceStr: vector.noncestr,
        signature: vector.signature,
        url: vector.url,
        jsApiList: [],
      });
    },
  );

  test('sign-url never gives the signature of an address with its fragment', async () => {
    const [kept] = vectors.jssdk.filter(({ url }) => url.includes('#'));
    const cut = vectors.jssdk.find(({ url }) => url === kept?.url.replace(/#.*/, ''));
    if (kept === undefined || cut === undefined) throw new Error('the two vectors are gone');
    const words = [
      '--nonce',
      kept.noncestr,
      '--timestamp',
      String(kept.timestamp),
      '--ticket-stdin',
      '--json',
    ];
    const { stdout } = await runHere(['sign-url', kept.url, ...words], {
      env: accountEnvironment,
      input: kept.jsapi_ticket,
    });
    const { signature } = JSON.parse(stdout) as { signature: string };
    expect(signature).toBe(cut.signature);
    expect(signature).not.toBe(kept.signature);
  });
});

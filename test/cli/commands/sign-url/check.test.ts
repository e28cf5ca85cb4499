import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';
import { vectors } from '../../../helpers/vectors.ts';

const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg';
const page = 'https://example.com/a/b?x=1&y=2';
const values = ['--nonce', 'Wm3WZYTPz0wzccnW', '--timestamp', '1414587457'];
const string1 = (url: string, used = ticket) =>
  `jsapi_ticket=${used}&noncestr=Wm3WZYTPz0wzccnW&timestamp=1414587457&url=${url}`;
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const right = sha1(string1(page));
/** Capitals are a mistake by themselves, so that no pairs of others are looked for, which takes half a second. */
const unknown = 'F'.repeat(40);

const check = (signature: string, ...words: readonly string[]) =>
  fakeWorld({ stdin: ticket }).run(
    'sign-url',
    page,
    '--ticket-stdin',
    ...values,
    '--check',
    signature,
    ...words,
  );

describe('sign-url --check', () => {
  test('says valid, and the same in JSON', async () => {
    expect(await check(right)).toEqual({ code: 0, stdout: 'valid\n', stderr: '' });
    expect(await check(` ${right}\n`)).toMatchObject({ code: 0 });
    const { code, stdout } = await check(right, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        ok: true,
        mistakes: [],
        hint: null,
        ticket_source: { from: 'stdin' },
        signed: string1(page, '***'),
        string1: string1(page, '***'),
        expected: right,
      },
    ]);
  });

  test('names the mistake and what to do, with exit code 1', async () => {
    const url = `${page}#top`;
    const words = ['--ticket-stdin', ...values, '--check', sha1(string1(url))];
    expect(await fakeWorld({ stdin: ticket }).run('sign-url', url, ...words)).toEqual({
      code: 1,
      stdout: [
        '✗ The URL was signed with its fragment: "#top"',
        '  Fix: Cut it: location.href.split("#")[0]',
        `  signed:    ${string1(url, '***')}`,
        `  right:     ${string1(page, '***')}`,
        `  signature: ${right}`,
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  test('names two mistakes, in Chinese as well', async () => {
    const signature = sha1(string1(page.replace('https', 'http').replace('&', '&amp;')));
    const { code, stdout } = await check(signature, '--lang', 'zh');
    expect(code).toBe(1);
    expect(stdout.match(/^✗ .*$/gm)).toEqual([
      '✗ 签名的地址协议（http/https）不对，或缺少协议',
      '✗ 签名的地址中“&”与“&amp;”写错：应与浏览器地址一致，为“&”',
    ]);
  });

  const bare = 'https://a.example.com';
  const judge = async (url: string, signature: string, ...more: readonly string[]) => {
    const words = ['--ticket-stdin', ...values, '--check', signature, '--json', ...more];
    const { code, stdout } = await fakeWorld({ stdin: ticket }).run('sign-url', url, ...words);
    const { mistakes } = JSON.parse(stdout) as { mistakes: { name: string }[] };
    return [code, ...mistakes.map(({ name }) => name)];
  };
  test.each([
    [bare, `${bare}/`, [0]],
    [bare, bare, [1, 'trailing_slash']],
    [`${bare}/`, bare, [1, 'trailing_slash']],
    ['https://A.EXAMPLE.com/a', `${bare}/a`, [0]],
    ['https://A.EXAMPLE.com/a', 'https://A.EXAMPLE.com/a', [1, 'browser_form']],
    [`${bare}:443/a`, `${bare}/a`, [0]],
    [`${bare}:443/a`, `${bare}:443/a`, [1, 'port']],
    [`${bare}/你`, `${bare}/%E4%BD%A0`, [0]],
    [`${bare}/你`, `${bare}/你`, [1, 'browser_form']],
    [`${bare}#top`, `${bare}/#top`, [1, 'fragment_kept']],
  ])('judges by the form that a browser shows: page %s, signed %s', async (url, signed, answer) => {
    expect(await judge(url, sha1(string1(signed)))).toEqual(answer);
  });

  test('judges by the form that is written with --as-is', async () => {
    expect(await judge(bare, sha1(string1(bare)), '--as-is')).toEqual([0]);
    expect(await judge(bare, sha1(string1(`${bare}/`)), '--as-is')).toEqual([1, 'trailing_slash']);
  });

  const compare = (text: string, ...more: readonly string[]) =>
    fakeWorld({ stdin: ticket }).run(
      'sign-url',
      page,
      '--ticket-stdin',
      ...values,
      '--string1',
      text,
      ...more,
    );

  test('--string1 shows the first difference, and names the mistake that it is', async () => {
    const text = string1(page.replace('&', '&amp;'), '***');
    expect(await compare(text)).toEqual({
      code: 1,
      stdout: [
        '✗ The URL was signed with "&amp;" where it must have "&", or the other way round',
        '  Fix: Do not escape the URL for HTML before it is signed; in a script a template must print it raw',
        '  string1 differs from character 97 on, in url:',
        '    yours: … "com/a/b?x=1&amp;y=2"',
        '    right: … "com/a/b?x=1&y=2"',
        `  signed:    ${text}`,
        `  right:     ${string1(page, '***')}`,
        `  signature: ${sha1(string1(page))}`,
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  test('--string1 alone is judged as a text, and its fragment is seen', async () => {
    const other = await compare(string1(page.replace('x=1', 'x=2'), '***'));
    expect([other.code, other.stdout.split('\n')[0]]).toEqual([
      1,
      '✗ The text of --string1 is not the right one, and no known mistake leads to it',
    ]);
    const withFragment = await compare(string1(`${page}#top`, '***'));
    expect([withFragment.code, withFragment.stdout.split('\n')[0]]).toEqual([
      1,
      '✗ The URL was signed with its fragment: "#top"',
    ]);
  });

  test('--string1 is right or wrong by itself, and beside a signature', async () => {
    expect(await compare(string1(page))).toEqual({ code: 0, stdout: 'valid\n', stderr: '' });
    const wrongHash = await compare(string1(page, '***'), '--check', '0'.repeat(40));
    expect(wrongHash).toMatchObject({ code: 1 });
    expect(wrongHash.stdout).toContain(
      '✗ The text that was hashed is right, and the signature is not its SHA-1\n',
    );
    const json = await compare(
      string1(page).replace('1414587457', '1414587999'),
      '--json',
      '--check',
      unknown,
    );
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([
      1,
      { ok: false, mistakes: [], difference: { part: 'timestamp', at: 61 } },
    ]);
    expect(json.stdout).not.toContain(ticket.slice(0, 12));
    expect(JSON.parse((await compare(string1(page), '--json')).stdout)).toMatchObject({
      ok: true,
      difference: null,
    });
  });

  test('gives in JSON a name for scripts beside the words', async () => {
    const { code, stdout, stderr } = await check(sha1(string1(`${page}/`)), '--json');
    expect([code, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      mistakes: [
        {
          name: 'trailing_slash',
          message: expect.stringContaining('"/"') as string,
          hint: expect.stringContaining('location.href') as string,
        },
      ],
      hint: null,
      ticket_source: { from: 'stdin' },
      signed: string1(`${page}/`, '***'),
      string1: string1(page, '***'),
      expected: right,
    });
  });

  test('says that it knows no mistake, and shows what must be signed', async () => {
    const { code, stdout } = await check('0'.repeat(40));
    expect(code).toBe(1);
    expect(stdout).toContain('no known mistake leads to it');
    expect(stdout).toContain(`  right:     ${string1(page, '***')}\n`);
  });

  test('where no mistake is found, says in JSON too what to compare', async () => {
    const { stdout } = await check(unknown, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      mistakes: [],
      signed: null,
      hint: 'Is it the same ticket? The one used here was read from stdin. Give the URL as the address bar shows it, with its fragment (#…): without it, a fragment that was signed may not be found. Compare the text your server hashes with the right one, or give it with --string1',
      ticket_source: { from: 'stdin' },
    });
    const zh = (await check(unknown, '--lang', 'zh')).stdout;
    expect(zh).toContain(
      '\n  解决：请确认用的是同一个 ticket：这里的 ticket 读自 stdin；请按地址栏原样给出 URL',
    );
    expect(zh).toMatch(/\n {2}ticket： {2}读自 stdin\n$/);
  });

  test('says whose ticket was fetched or which file it was in, never the ticket', async () => {
    const words = (url: string) => ['sign-url', url, ...values, '--check', unknown, '--json'];
    const world = fakeWorld({ files: { 'ticket.txt': ticket } });
    const fetched = await world.run(...words(`${page}#top`));
    expect(JSON.parse(fetched.stdout)).toMatchObject({
      hint: expect.stringMatching(
        /^Is it the same ticket\? The one used here was fetched for wx\w{16}\. Compare/,
      ) as string,
      ticket_source: { from: 'fetched', appid: expect.stringMatching(/^wx\w{16}$/) as string },
    });
    const read = await world.run(...words(page), '--ticket-file', 'ticket.txt');
    expect(JSON.parse(read.stdout)).toMatchObject({ ticket_source: { from: 'file', file: 'ticket.txt' } });
    expect(read.stdout).not.toContain(ticket.slice(0, 12));
  });

  test('advises no flag that does not go with cards', async () => {
    const words = ['pjZ8', '--type', 'wx_card', ...values, '--check', unknown, '--json'];
    const { stdout } = await fakeWorld({ files: { t: ticket } }).run(
      'sign-url',
      ...words,
      '--ticket-file',
      't',
    );
    const { hint } = JSON.parse(stdout) as { hint: string };
    expect(hint).toBe(
      'Is it the same ticket? The one used here was read from t. Compare the text your server hashes with the right one',
    );
  });

  test('takes milliseconds as they are, and names them', async () => {
    const words = ['--nonce', 'Wm3WZYTPz0wzccnW', '--timestamp', '1414587457123', '--check', right, '--json'];
    const world = fakeWorld({ stdin: ticket });
    const { code, stdout } = await world.run('sign-url', page, '--ticket-stdin', ...words);
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { mistakes: [{ name: 'timestamp_milliseconds' }] }]);
  });

  test('finds secrets that were mixed up, and fetches none', async () => {
    const world = fakeWorld();
    const token = (await world.run('token')).stdout.trim();
    const fields = { code: 0, stdout: '' };
    expect(await world.run('sign-url', 'pjZ8', '--type', 'wx_card', '-q')).not.toMatchObject(fields);
    const before = world.requests.length;
    const cards = (await ticketOf(world, 'wx_card')) ?? '';
    for (const [secret, name] of [
      [token, 'access_token_as_ticket'],
      [cards, 'card_ticket'],
    ] as const) {
      const signature = sha1(string1(page, secret));
      const { code, stdout, stderr } = await world.run(
        'sign-url',
        page,
        ...values,
        '--check',
        signature,
        '--json',
      );
      expect([code, JSON.parse(stdout)]).toMatchObject([1, { mistakes: [{ name }] }]);
      for (const hidden of [token, cards]) expect(stdout + stderr).not.toContain(hidden.slice(0, 12));
    }
    // The ticket of pages, once.
    expect(world.requests.slice(before)).toEqual([expect.stringMatching(/getticket$/)]);
  });

  test('needs no account where the ticket is given', async () => {
    const environment = { WECHAT_MP_APPID: undefined, WECHAT_MP_APPSECRET: undefined };
    const world = fakeWorld({ stdin: ticket, environment });
    const { code, stderr } = await world.run('sign-url', page, '--ticket-stdin', ...values, '--check', right);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(world.requests).toEqual([]);
  });

  test('warns of the URL itself', async () => {
    const world = fakeWorld({ stdin: ticket });
    const words = ['--ticket-stdin', ...values, '--check', right];
    const { stderr } = await world.run('sign-url', 'https://e.com/?a=1&amp;b=2', ...words);
    expect(stderr).toContain('! The URL contains "&amp;"');
  });

  test('steers no terminal by what was given', async () => {
    const url = `${page}#\u001b]0;x\u0007\u202e`;
    const world = fakeWorld({ stdin: ticket });
    const words = ['--ticket-stdin', ...values, '--check', sha1(string1(url))];
    const { code, stdout } = await world.run('sign-url', url, ...words);
    expect([code, stdout]).toEqual([1, expect.stringContaining('with its fragment: "#"\n') as string]);
    const { stdout: json } = await world.run('sign-url', url, ...words, '--json');
    expect(json).not.toContain('\u202e');
    expect(json).not.toContain('\u001b');
    expect(JSON.parse(json)).toMatchObject({ signed: string1(url, '***') });
  });

  test.each(vectors.card)('accepts the card signature: $source', async ({ fields, signature }) => {
    const choose = 'card_type' in fields;
    const words = [
      ...[fields['card_id'] ?? ''].filter((id) => id !== ''),
      '--type',
      'wx_card',
      '--ticket-stdin',
      '--check',
      signature,
      '--nonce',
      fields['nonce_str'] ?? '',
      '--timestamp',
      fields['timestamp'] ?? '',
      ...(choose ? ['--call', 'chooseCard', '--card-type', 'GROUPON'] : ['--code', fields['code'] ?? '']),
    ];
    const environment = { WECHAT_MP_APPID: 'wx0123456789abcdef' };
    const world = fakeWorld({ stdin: fields['api_ticket'] ?? '', environment });
    expect(await world.run('sign-url', ...words, '-q')).toEqual({ code: 0, stdout: 'valid\n', stderr: '' });
    const wrong = await world.run(
      'sign-url',
      ...words.map((word) => (word === signature ? signature.toUpperCase() : word)),
    );
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining('in capitals') as string });
  });
});

/** What the simulator has given out. */
async function ticketOf(world: ReturnType<typeof fakeWorld>, type: string): Promise<string | undefined> {
  const entries = [...world.files.contents.values()].map((content) => content.toString());
  const entry = entries.find((text) => text.includes(`"${type}"`));
  return entry === undefined ? undefined : (JSON.parse(entry) as { value?: string }).value;
}

import { describe, expect, test } from 'vitest';
import { fakeWorld, type FakeIoOptions } from '../../../helpers/fake-io.ts';
import { simulatorBase } from '../../../helpers/through-simulator.ts';
import { jpg } from '../../../simulator/uploads.ts';

const note = `Using the simulator at ${simulatorBase} (from WECHAT_MP_API_BASE)\n`;
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;
const errorOf = (stderr: string) =>
  (json(stderr.trim().split('\n').at(-1) ?? '') as { error: Record<string, unknown> }).error;

async function run(words: readonly string[], options: FakeIoOptions = {}) {
  const world = fakeWorld(options);
  return { world, ...(await world.run('api', ...words)) };
}

const createTag = ['/cgi-bin/tags/create', '-f', 'tag[name]=广东'];

describe('api', () => {
  test('prints the answer indented, and on one line with --json', async () => {
    const { world, ...first } = await run(createTag);
    expect(first).toEqual({
      code: 0,
      stdout: '{\n  "tag": {\n    "id": 100,\n    "name": "广东"\n  }\n}\n',
      stderr: note,
    });
    const { stdout } = await world.run('api', 'GET', 'cgi-bin/tags/get', '--json');
    expect(stdout).toBe('{"tags":[{"id":2,"name":"星标组","count":0},{"id":100,"name":"广东","count":0}]}\n');
  });

  test('sends raw UTF-8, with its length and one token', async () => {
    const seen: { url: string; body: unknown; headers: unknown }[] = [];
    const { code } = await run([...createTag, '--query', 'a=b c', '-F', 'x[]=1'], {
      environment: { WECHAT_MP_ACCESS_TOKEN: 'SIM_given' },
      fetch: async ({ url, body, headers }) => {
        seen.push({ url, body, headers });
        return { status: 200, headers: {}, body: Buffer.from('{"tag":{"id":1}}') };
      },
    });
    expect(code).toBe(0);
    expect(seen).toEqual([
      {
        url: `${simulatorBase}/cgi-bin/tags/create?a=b+c&access_token=SIM_given`,
        body: '{"tag":{"name":"广东"},"x":[1]}',
        headers: expect.objectContaining({ 'content-type': 'application/json' }) as unknown,
      },
    ]);
  });

  test('a refusal leaves stdout empty', async () => {
    const { code, stdout, stderr } = await run(['/cgi-bin/tags/delete', '-F', 'tag[id]=7', '-y', '--json']);
    expect([code, stdout]).toEqual([4, '']);
    expect(errorOf(stderr)).toMatchObject({ errcode: 45159, path: '/cgi-bin/tags/delete' });
  });

  test('a dead token is replaced once, and the call repeated', async () => {
    const world = fakeWorld();
    await world.fault({ path: '/cgi-bin/tags/get', errcode: 42001, times: 1 });
    expect((await world.run('api', '/cgi-bin/tags/get')).code).toBe(0);
    expect(world.requests.filter((request) => request.endsWith('/tags/get'))).toHaveLength(2);
  });

  test('48001 names the kinds of account that may', async () => {
    const world = fakeWorld();
    await world.fault({ path: '/cgi-bin/message/template/send', errcode: 48001, times: 1 });
    world.files.write('t.json', '{"touser":"o","template_id":"t","data":{}}');
    const words = ['api', '/cgi-bin/message/template/send', '--input', 't.json', '-y', '--json'];
    const { code, stderr } = await world.run(...words);
    expect(code).toBe(3);
    expect(errorOf(stderr)['hint']).toMatch(/^Only verified service accounts may use template messages; /);
    const chinese = await world.run(...words, '--lang', 'zh');
    expect(chinese.code).toBe(4);
  });

  test.each([
    ['{}', 'lacks "tag.id"'],
    ['{"errcode":0}', 'lacks "tag.id"'],
    ['{"tag":{}}', 'lacks "tag.id"'],
  ])('a change is not reported as made by %s', async (answer, problem) => {
    const { code, stdout, stderr } = await run(createTag, {
      environment: { WECHAT_MP_ACCESS_TOKEN: 'SIM_given' },
      fetch: async () => ({ status: 200, headers: {}, body: Buffer.from(answer) }),
    });
    expect([code, stdout]).toEqual([5, '']);
    expect(stderr).toContain(problem);
    expect(stderr).toContain('the change may or may not have happened');
  });

  test('numbers of 64 bits come through as they are', async () => {
    const { stdout } = await run(['/cgi-bin/tags/get', '--json'], {
      environment: { WECHAT_MP_ACCESS_TOKEN: 'SIM_given' },
      fetch: async () => ({
        status: 200,
        headers: {},
        body: Buffer.from('{ "msgid": 12345678901234567890 }'),
      }),
    });
    expect(stdout).toBe('{"msgid":12345678901234567890}\n');
  });

  test('--include adds status and headers', async () => {
    const { world, stdout } = await run(['/cgi-bin/tags/get', '--include']);
    expect(stdout).toMatch(/^HTTP 200\n(?:[a-z-]+: .*\n)+\n\{\n  "tags": \[/);
    const value = json((await world.run('api', '/cgi-bin/tags/get', '--include', '--json')).stdout);
    expect(value).toMatchObject({ status: 200, body: { tags: [{ id: 2 }] } });
    expect(value['headers']).toMatchObject({ server: 'wechat-mp-simulator' });
  });
});

describe('where the body comes from', () => {
  test('a file or standard input, as it is', async () => {
    const body = '{"tag":  {"name":"甲"}}';
    const { world, stdout } = await run(['/cgi-bin/tags/create', '--input', '-'], { stdin: body });
    expect(stdout).toContain('甲');
    world.files.write('b.json', '\uFEFF{"tag":{"name":"乙"}}');
    expect((await world.run('api', '/cgi-bin/tags/create', '--input', 'b.json')).stdout).toContain('乙');
  });

  test('-F reads JSON and files, -f takes everything for text', async () => {
    const world = fakeWorld({ files: { 'n.txt': '丙' } });
    const words = ['api', '/cgi-bin/tags/create', '-F', 'tag[name]=@n.txt', '--dry-run', '--json'];
    expect(json((await world.run(...words)).stdout)['body']).toBe('{"tag":{"name":"丙"}}');
    const texts = [
      'api',
      '/x',
      '-f',
      'a=@n.txt',
      '-f',
      'b=7',
      '-F',
      'c=7',
      '-F',
      'd=[true]',
      '--dry-run',
      '--json',
    ];
    expect(json((await world.run(...texts)).stdout)['body']).toBe('{"a":"@n.txt","b":"7","c":7,"d":[true]}');
  });

  test('fields of a GET go into the query', async () => {
    const { stdout } = await run(['/cgi-bin/user/info', '-f', 'openid=o1', '--dry-run', '--json']);
    expect(json(stdout)).toMatchObject({ method: 'GET', query: { openid: 'o1' }, body: null });
  });

  test.each([
    [['--input', 'a', '-f', 'b=1'], 'flags_conflict'],
    [['--input', 'a', '--form', 'm=@a'], 'flags_conflict'],
    [['--input', '-', '-F', 'a=@-'], 'flags_conflict'],
    [['--query', 'a=@-', '-F', 'b=@-'], 'stdin_taken'],
    [['--input', '-', '--access-token-stdin'], 'stdin_taken'],
    [['--form', 'media'], 'field_invalid'],
    [['--form', 'media=@-'], 'file_unreadable'],
    [['--form', 'media=@none.jpg'], 'file_unreadable'],
    [['--input', 'none.json'], 'file_unreadable'],
    [['-f', 'secret=x'], 'secret_on_command_line'],
    [['-f', 'a[app_secret]=x'], 'secret_on_command_line'],
    [['--query', 'access_token=x'], 'secret_on_command_line'],
    [['--max', '3'], 'flags_conflict'],
    [['--max', '0', '--paginate'], 'number_invalid'],
    [['--paginate', '--dry-run'], 'flags_conflict'],
  ])('%j is a mistake in the command line', async (words, type) => {
    const { code, stdout, stderr, world } = await run(['POST', '/cgi-bin/tags/create', ...words, '--json']);
    expect([code, stdout, errorOf(stderr)['type']]).toEqual([2, '', type]);
    expect(world.requests).toEqual([]);
  });

  test.each([
    [[], 'argument_missing'],
    [['PUT', '/a'], 'method_invalid'],
    [['GET', '/a', '/b'], 'argument_unexpected'],
    [['GET', '//evil.example/a'], 'path_invalid'],
    [['GET', '/a?secret=x'], 'secret_on_command_line'],
    [['GET', '/cgi-bin/tags/get', '--input', '-'], 'flags_conflict'],
    [['/card/invoice/setbizattr'], 'call_ambiguous'],
  ])('%j as well', async (words, type) => {
    const { code, stderr, world } = await run([...words, '--json']);
    expect([code, errorOf(stderr)['type'], world.requests]).toEqual([2, type, []]);
  });
});

describe('checked before it is sent', () => {
  const bad = ['/cgi-bin/tags/create', '-f', 'name=x'];

  test('what WeChat refuses for certain is exit 2, with each reason', async () => {
    const { code, stderr, world } = await run([...bad, '--json']);
    expect([code, world.requests]).toEqual([2, []]);
    expect(errorOf(stderr)).toMatchObject({ type: 'call_invalid', path: '/cgi-bin/tags/create' });
    const several = await run(['/cgi-bin/message/custom/typing', '--json', '--lang', 'zh']);
    expect(errorOf(several.stderr)).toMatchObject({
      message: '无法调用 /cgi-bin/message/custom/typing：有 2 处错误',
      details: ['缺少 "touser"', '缺少 "command"'],
    });
  });

  test('--no-check sends it all the same', async () => {
    const { code, world } = await run([...bad, '--no-check']);
    expect(code).toBe(4);
    expect(world.requests.at(-1)).toBe('POST 127.0.0.1:8090/cgi-bin/tags/create');
  });

  test('what is only likely wrong is a warning', async () => {
    const words = ['/cgi-bin/user/tag/get', '-F', 'tagid=2', '-f', 'next_opneid=', '--json'];
    const { code, stderr } = await run(words);
    expect(code).toBe(0);
    expect(stderr).toContain(
      '! This call has no "next_opneid", as far as is known; did you mean "next_openid"?',
    );
  });

  test('a path that nobody knows is sent, with a note and the likely one', async () => {
    const { stderr, world } = await run(['/cgi-bin/tags/gett']);
    expect(stderr).toContain('did you mean /cgi-bin/tags/get?');
    // As errors and the documentation name it; /card/get would be nearer by its letters.
    expect((await run(['tags/get'])).stderr).toContain('did you mean /cgi-bin/tags/get?');
    expect(world.requests.at(-1)).toBe('GET 127.0.0.1:8090/cgi-bin/tags/gett');
    const new_ = await run(['/cgi-bin/of/tomorrow', '-f', 'a=1']);
    expect(new_.stderr).toContain('/cgi-bin/of/tomorrow is not in the catalogue: it is sent unchecked');
    expect(new_.world.requests.at(-1)).toBe('POST 127.0.0.1:8090/cgi-bin/of/tomorrow');
  });
});

describe('what reaches people or cannot be taken back', () => {
  const send = [
    '/cgi-bin/message/custom/send',
    '-f',
    'touser=o1',
    '-f',
    'msgtype=text',
    '-f',
    'text[content]=hi',
  ];
  const people = 'Call /cgi-bin/message/custom/send (Send a customer-service message)? People will see it.';

  test('is exit 2 where nobody can be asked, and nothing is sent', async () => {
    const { code, stderr, world } = await run(send);
    expect([code, world.requests]).toEqual([2, []]);
    expect(stderr).toContain(`This needs a confirmation: ${people}`);
    expect(stderr).toContain('--yes');
  });

  test('is asked about on a terminal, and no is exit 1', async () => {
    const tty = ['stdin', 'stdout', 'stderr'] as const;
    const { code, world } = await run(send, { tty, answers: [false] });
    expect([code, world.shown, world.requests]).toEqual([1, [people], []]);
  });

  test('--yes answers', async () => {
    const { world } = await run([...send, '-y']);
    expect(world.requests.at(-1)).toBe('POST 127.0.0.1:8090/cgi-bin/message/custom/send');
  });

  test('45015 of the simulator says how the follower writes, and then it goes', async () => {
    const world = fakeWorld();
    const control = async (call: string, body: string) =>
      await world.simulator.fetch(new Request(`${simulatorBase}/_ctl/${call}`, { method: 'POST', body }));
    await control('followers', '{"openid":"o1"}');
    const refused = await world.run('api', ...send, '-y');
    const said = refused.stderr.replaceAll(/\s+/g, ' ');
    expect([refused.code, said]).toEqual([4, expect.stringContaining('let the follower write first')]);
    const [, call = '', body = ''] =
      /POST http:\/\/127\.0\.0\.1:8090\/_ctl\/(\S+) (\{.*?\})/.exec(said) ?? [];
    expect((await control(call.replace('<openid>', 'o1'), body)).status).toBe(200);
    expect((await world.run('api', ...send, '-y')).code).toBe(0);
  });

  test('a permanent code is asked about, a temporary one is not', async () => {
    const scene = ['/cgi-bin/qrcode/create', '-F', 'action_info[scene][scene_id]=7'];
    expect((await run([...scene, '-f', 'action_name=QR_SCENE'])).code).toBe(0);
    const { code, stderr } = await run([...scene, '-f', 'action_name=QR_LIMIT_SCENE']);
    expect(code).toBe(2);
    expect(stderr).toContain('It cannot be taken back.');
  });

  test.each([
    ['/cgi-bin/menu/create', 'wechat-mp menu push'],
    ['/cgi-bin/menu/delete', 'wechat-mp menu delete'],
  ])('%s points to %s', async (path, command) => {
    const body = path.endsWith('create') ? ['-F', 'button=[{"type":"click","name":"a","key":"K"}]'] : [];
    const { code, stderr } = await run([path, ...body]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${command} does the same with care`);
    expect((await run([path, ...body, '-y'])).code).toBe(0);
  });

  test('--dry-run asks nothing and sends nothing', async () => {
    const { code, stdout, world } = await run([...send, '--dry-run', '--json']);
    expect([code, world.requests]).toEqual([0, []]);
    expect(json(stdout)).toMatchObject({ dry_run: true, effect: 'reaches_people' });
  });
});

describe('--dry-run', () => {
  test('works without an account, and holds no secret', async () => {
    const environment = {
      WECHAT_MP_APPID: undefined,
      WECHAT_MP_APPSECRET: undefined,
      WECHAT_MP_API_BASE: undefined,
    };
    const { code, stdout, stderr } = await run([...createTag, '--dry-run'], { environment });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout)
      .toBe(`curl -sS -X POST 'https://api.weixin.qq.com/cgi-bin/tags/create?access_token='"$(wechat-mp token)" \\
  -H 'Content-Type: application/json' \\
  --data-binary '{"tag":{"name":"广东"}}'
`);
  });

  test('AppID and AppSecret are filled in, the secret as a variable', async () => {
    const { world, stdout } = await run(['/cgi-bin/token', '--dry-run']);
    const { appId, secret } = world.simulator.account;
    expect(stdout).toBe(
      `curl -sS '${simulatorBase}/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret='"$WECHAT_MP_APPSECRET"\n`,
    );
    expect((await world.run('api', '/cgi-bin/token', '--dry-run', '--json')).stdout).not.toContain(secret);
  });

  test('asks the host that the call is on', async () => {
    const environment = { WECHAT_MP_API_BASE: undefined };
    const words = ['/cgi-bin/showqrcode', '--query', 'ticket=T', '--dry-run'];
    expect((await run(words, { environment })).stdout).toBe(
      "curl -sS 'https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=T'\n",
    );
  });
});

describe('tokens and secrets', () => {
  test('a call for a token takes the AppSecret of the settings', async () => {
    const { world, stdout } = await run(['/cgi-bin/stable_token', '--json']);
    expect(json(stdout)['access_token']).toMatch(/^SIM_/);
    expect(world.requests).toEqual(['POST 127.0.0.1:8090/cgi-bin/stable_token']);
  });

  test('--no-token adds none', async () => {
    const { code, stderr, world } = await run(['/cgi-bin/tags/get', '--no-token', '--json']);
    expect(errorOf(stderr)).toMatchObject({ errcode: 41001 });
    expect([code > 2, world.requests]).toEqual([true, ['GET 127.0.0.1:8090/cgi-bin/tags/get']]);
  });

  test('a call for a person wants the person’s token', async () => {
    const { code, stderr, world } = await run(['/sns/userinfo', '--query', 'openid=o1', '--json']);
    expect([code, errorOf(stderr)['type'], world.requests]).toEqual([2, 'web_token_missing', []]);
  });
});

describe('files', () => {
  const picture = { files: { 'cover.jpg': jpg() } };
  const upload = ['/cgi-bin/media/upload', '--query', 'type=image', '--form', 'media=@cover.jpg', '--json'];

  test('an upload and its download are the same bytes', async () => {
    const { world, stdout } = await run(upload, picture);
    const get = ['api', '/cgi-bin/media/get', '--query', `media_id=${String(json(stdout)['media_id'])}`];
    const saved = await world.run(...get, '--out', 'back.jpg', '--json');
    expect(json(saved.stdout)).toEqual({ file: 'back.jpg', bytes: jpg().length, content_type: 'image/jpeg' });
    expect(world.files.contents.get('/desk/back.jpg')).toEqual(Buffer.from(jpg()));
    // Bytes go into a pipe, too.
    expect((await world.run(...get)).stdout).toBe(Buffer.from(jpg()).toString());
  });

  test.each([
    [['--json'], {}],
    [[], { tty: ['stdout'] as const }],
  ])('a picture has no place in %j %j', async (words, options) => {
    const { code, stderr, world } = await run(
      ['/cgi-bin/showqrcode', '--query', 'ticket=T', ...words],
      options,
    );
    expect([code, world.requests]).toEqual([2, []]);
    expect(stderr).toContain('--out <file>');
  });

  test('a file that is there is refused before anything is sent', async () => {
    const files = { 'notes.txt': 'mine' };
    const words = ['/cgi-bin/tags/get', '--out', 'notes.txt'];
    const { code, world } = await run(words, { files });
    expect([code, world.requests]).toEqual([2, []]);
    expect((await world.run('api', ...words, '--force')).code).toBe(0);
    expect(world.files.contents.get('/desk/notes.txt')?.toString()).toMatch(/^\{\n {2}"tags": \[\n[^]*\}\n$/);
  });

  test('an answer in JSON is not written in the place of a film', async () => {
    const { world, stdout } = await run(['/cgi-bin/media/get', '--query', 'media_id=M', '--out', 'a.mp4'], {
      environment: { WECHAT_MP_ACCESS_TOKEN: 'SIM_given' },
      fetch: async () => ({
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: Buffer.from('{"video_url":"http://x/"}'),
      }),
    });
    expect(stdout).toBe('{\n  "video_url": "http://x/"\n}\n');
    expect(world.files.contents.has('/desk/a.mp4')).toBe(false);
  });
});

describe('--paginate', () => {
  async function followed(count: number, options: FakeIoOptions = {}) {
    const world = fakeWorld(options);
    for (let index = 0; index < count; index += 1) {
      const body = JSON.stringify({ openid: `o${index}` });
      await world.simulator.fetch(new Request(`${simulatorBase}/_ctl/followers`, { method: 'POST', body }));
    }
    return world;
  }
  const answers = (pages: readonly object[]): FakeIoOptions => {
    const left = pages.map((page) => JSON.stringify(page));
    return {
      environment: { WECHAT_MP_ACCESS_TOKEN: 'SIM_given' },
      fetch: async () => ({ status: 200, headers: {}, body: Buffer.from(left.shift() ?? '') }),
    };
  };

  test('makes one list of the pages of next_openid', async () => {
    const pages = [
      { total: 3, count: 2, data: { openid: ['a', 'b'] }, next_openid: 'b' },
      { total: 3, count: 1, data: { openid: ['c'] }, next_openid: 'c' },
    ];
    const { code, stdout, world } = await run(['/cgi-bin/user/get', '--paginate', '--json'], answers(pages));
    expect([code, stdout]).toEqual([0, '["a","b","c"]\n']);
    expect(world.requests).toHaveLength(2);
  });

  test('and of offset and count, which are filled in; numbers stay', async () => {
    const first = { total_count: 3, item: [{ id: 1 }, { id: 2 }] };
    const words = ['/cgi-bin/draft/batchget', '--paginate', '--json'];
    const { stdout } = await run(words, answers([first, { total_count: 3, item: [{ id: 3 }] }]));
    expect(stdout).toBe('[{"id":1},{"id":2},{"id":3}]\n');
  });

  test('through the simulator', async () => {
    const world = await followed(3);
    const { stdout } = await world.run('api', '/cgi-bin/user/get', '--paginate', '--json');
    expect(json(stdout)).toEqual(expect.arrayContaining(['o0', 'o1', 'o2']));
  });

  test('stops at --max, and says so', async () => {
    const world = await followed(3);
    const words = ['api', '/cgi-bin/user/get', '--paginate', '--json'];
    const cut = await world.run(...words, '--max', '2');
    expect(JSON.parse(cut.stdout)).toHaveLength(2);
    expect(cut.stderr).toContain('! Stopped at 2 entries, there are more; --max <n> takes another number');
    const { length } = JSON.parse((await world.run(...words)).stdout) as unknown[];
    expect((await world.run(...words, '--max', String(length))).stderr).not.toContain('Stopped');
  });

  test('takes 10000 where stdout is no terminal, and all on one', async () => {
    const openid = Array.from({ length: 10_000 }, (_, index) => `o${index}`);
    const pages = [
      { total: 10_001, count: 10_000, data: { openid }, next_openid: 'o9999' },
      { total: 10_001, count: 1, data: { openid: ['last'] }, next_openid: 'last' },
    ];
    const words = ['/cgi-bin/user/get', '--paginate', '--json'];
    const piped = await run(words, answers(pages));
    expect(JSON.parse(piped.stdout)).toHaveLength(10_000);
    expect(piped.stderr).toContain('Stopped at 10000 entries');
    const shown = await run(words, { ...answers(pages), tty: ['stdout'] });
    expect(JSON.parse(shown.stdout)).toHaveLength(10_001);
  });

  test('an error in the middle leaves stdout empty', async () => {
    const pages = [
      { total: 3, count: 2, data: { openid: ['a', 'b'] }, next_openid: 'b' },
      { errcode: 45009, errmsg: 'reach max api daily quota limit' },
    ];
    const { code, stdout } = await run(['/cgi-bin/user/get', '--paginate'], answers(pages));
    expect([code, stdout]).toEqual([6, '']);
  });

  test.each([['/cgi-bin/menu/get'], ['/cgi-bin/tags/create']])('%s has no pages', async (path) => {
    const { code, stderr, world } = await run([
      path,
      '--paginate',
      '-f',
      'tag[name]=x',
      '--no-check',
      '--json',
    ]);
    expect([code, errorOf(stderr)['type'], world.requests]).toEqual([2, 'call_not_paged', []]);
  });
});

describe('--list, --describe and --example', () => {
  test('words are all wanted, in path and both titles', async () => {
    const paths = async (...words: readonly string[]) => {
      const { stdout } = await run(['--list', ...words, '--json']);
      return (json(stdout)['calls'] as { path: string }[]).map(({ path }) => path);
    };
    expect(await paths('tags', 'CREATE')).toEqual(['/cgi-bin/tags/create']);
    expect(await paths('创建标签')).toEqual(['/cgi-bin/tags/create']);
    expect(await paths('tags create')).toEqual(['/cgi-bin/tags/create']);
    expect(await paths()).toHaveLength(465);
  });

  interface Listed {
    readonly path: string;
    readonly title: string;
    readonly group: string;
  }
  const listed = async (...words: readonly string[]) =>
    json((await run(['--list', ...words, '--json'])).stdout)['calls'] as readonly Listed[];

  test('whole words come first, and no part of a title counts', async () => {
    const tags = await listed('tag');
    expect(tags.slice(0, 4).map(({ path }) => path)).toEqual(
      ['create', 'get', 'update', 'delete'].map((name) => `/cgi-bin/tags/${name}`),
    );
    expect(tags.map(({ title }) => title).filter((title) => title.includes('postage'))).toEqual([]);
    // Tag up to 50 followers; updateremark; groups.
    const order = ['tags/members/batchtagging', 'user/info/updateremark', 'groups/create'];
    const paths = order.map((path) => `/cgi-bin/${path}`);
    const found = (await listed('up')).map(({ path }) => path);
    expect(found.filter((path) => paths.includes(path))).toEqual(paths);
    // A path joins words.
    expect(tags.map(({ path }) => path)).toContain('/cgi-bin/guide/newguidetagoption');
    expect(await listed('postage')).toHaveLength(5);
    const [first] = await listed('material');
    expect(first).toMatchObject({ group: 'material' });
  });

  test('what a title names is found in both languages', async () => {
    const named = (await listed('tag')).filter(({ title }) => /tag/i.test(title));
    const chinese = await listed('标签');
    expect(chinese.length).toBeGreaterThan(10);
    expect(named.map(({ path }) => path).toSorted()).toEqual(chinese.map(({ path }) => path).toSorted());
  });

  test('says on stderr how many there are', async () => {
    const { stderr } = await run(['--list', 'tags', 'create']);
    expect(stderr).toBe('1 call found\n');
    expect((await run(['--list', '--lang', 'zh'])).stderr).toBe('找到 465 个接口\n');
    expect((await run(['--list', '--json'])).stderr).toBe('465 calls found\n');
  });

  test('no match is exit 1, with an empty list', async () => {
    expect(await run(['--list', 'nothing-like-it', '--json'])).toMatchObject({
      code: 1,
      stdout: '{"calls":[]}\n',
    });
  });

  test('a description has all that is known', async () => {
    const { stdout } = await run(['--describe', '/cgi-bin/menu/create', '--json']);
    const [call] = json(stdout)['calls'] as Record<string, unknown>[];
    const doc = 'https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu';
    expect(call).toMatchObject({
      method: 'POST',
      effect: 'irreversible',
      title_zh: '创建自定义菜单',
      callers: ['verified_subscription', 'unverified_service', 'verified_service', 'test'],
      quota: { day: 1000, test_day: 100, month: null },
      doc: { html: `${doc}.html`, md: `${doc}.md` },
      command: 'wechat-mp menu push',
      parameters: expect.arrayContaining([
        { in: 'body', name: 'button', type: 'array', required: true, items: 3 },
      ]) as unknown,
    });
  });

  test('six calls of one path come together, or one by its parameter', async () => {
    const calls = async (path: string) =>
      json((await run(['--describe', path, '--json'])).stdout)['calls'] as { name: string }[];
    expect(await calls('/card/invoice/setbizattr')).toHaveLength(6);
    expect(await calls('/card/invoice/setbizattr?action=set_contact')).toMatchObject([
      { name: 'invoice.setContact' },
    ]);
  });

  test('an unknown path is exit 1, with the likely one', async () => {
    const { code, stderr } = await run(['--describe', '/cgi-bin/menu/creat', '--json']);
    expect([code, errorOf(stderr)]).toEqual([
      1,
      expect.objectContaining({
        type: 'call_unknown',
        hint: 'Did you mean /cgi-bin/menu/create?',
      }) as unknown,
    ]);
  });

  test('the example can be edited and sent', async () => {
    const { world, stdout } = await run(['--example', '/cgi-bin/tags/create']);
    expect(stdout).toBe('{\n  "tag": {\n    "name": "广东"\n  }\n}\n');
    world.files.write('tag.json', stdout);
    expect((await world.run('api', '/cgi-bin/tags/create', '--input', 'tag.json')).code).toBe(0);
  });
});

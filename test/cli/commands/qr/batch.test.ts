import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../../src/core/errors.ts';
import type { Fetch } from '../../../../src/io/ports.ts';
import { fakeWorld, type FakeIoOptions, type FakeWorld, type Run } from '../../../helpers/fake-io.ts';

const createPath = '/cgi-bin/qrcode/create';
const rowsOf = (count: number, more = ''): string =>
  `scene,name,expire,permanent\n${Array.from({ length: count }, (_, index) => `${index + 1},n${index + 1},,${more}\n`).join('')}`;

/** A world with a table, and the ways to look at its folder. */
function world(csv: string, options: FakeIoOptions = {}) {
  const made: FakeWorld = fakeWorld({ ...options, files: { 'a.csv': csv, ...options.files } });
  const at = (name: string) => made.files.contents.get(`/desk/codes/${name}`);
  return {
    ...made,
    batch: (...words: string[]) => made.run('qr', 'batch', 'a.csv', '--out-dir', 'codes', ...words),
    put: (text: string) => made.files.write('a.csv', text),
    text: (name: string) => at(name)?.toString('utf8'),
    names: () => made.files.list('codes').toSorted(),
    manifest: () => JSON.parse(at('manifest.json')?.toString('utf8') ?? '') as Manifest,
    calls: (path = createPath) => made.requests.filter((request) => request.endsWith(path)).length,
  };
}

type Fields = Record<string, unknown>;
interface Manifest {
  readonly appid: string;
  readonly codes: readonly Fields[];
  readonly missing: readonly Fields[];
  readonly left_over: readonly Fields[];
  readonly unknown: readonly Fields[];
}

const lines = ({ stdout }: Run): Fields[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Fields);
const errorOf = ({ stderr }: Run): Fields =>
  (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: Fields }).error;

describe('qr batch and the codes of the day', () => {
  const usedUp = (w: ReturnType<typeof world>): string => {
    const [path = ''] = [...w.files.contents.keys()].filter((name) => name.includes('/quota/'));
    return path;
  };

  test('counts each code that it makes, and no other', async () => {
    const w = world(rowsOf(3));
    await w.batch();
    const path = usedUp(w);
    expect(path).toMatch(/^\/home\/me\/\.cache\/wechat-mp\/quota\/[0-9a-f]{64}\.qrcode-create\.2026-01-15$/);
    expect(w.files.contents.get(path)?.length).toBe(3);
    w.put(rowsOf(5));
    await w.batch('--resume');
    expect(w.files.contents.get(path)?.length).toBe(5);
  });

  test('begins anew at midnight in Beijing', async () => {
    const w = world(rowsOf(1));
    await w.batch();
    w.clock.jump(12 * 3600_000 - 1);
    await w.batch('--resume');
    expect(usedUp(w)).toMatch(/2026-01-15$/);
    w.clock.jump(1);
    w.put(rowsOf(2));
    await w.batch('--resume');
    expect(usedUp(w)).toMatch(/2026-01-16$/);
    expect(w.files.contents.get(usedUp(w))?.length).toBe(1);
  });

  test('asks before more than are left, and takes as many as are left', async () => {
    const w = world(rowsOf(1));
    await w.batch();
    w.files.write(usedUp(w), '.'.repeat(99_998));
    w.put(rowsOf(4));
    const refused = await w.batch('--resume');
    expect([refused.code, w.calls()]).toEqual([2, 1]);
    expect(refused.stderr).toContain(
      '✗ This needs a confirmation: Create 3 codes, although about 2 are left today? This machine has made 99998 ',
    );
    w.put(rowsOf(3));
    expect((await w.batch('--resume')).code).toBe(0);
    w.put(rowsOf(4));
    expect((await w.batch('--resume', '--yes')).code).toBe(0);
    expect(w.files.contents.get(usedUp(w))?.length).toBe(100_001);
  });

  test('goes on where nothing can be counted', async () => {
    const w = world(rowsOf(1), { environment: { HOME: undefined, WECHAT_MP_CACHE_DIR: '/nowhere/cache' } });
    w.files.fail('write', '/nowhere/cache/quota', 'EACCES');
    expect((await w.batch()).code).toBe(0);
  });
});

describe('qr batch', () => {
  test('makes one JPEG a row and a manifest, and says how many', async () => {
    const w = world('scene,name,expire,permanent\n7,East,1d,\nvip,,,yes\n');
    const run = await w.batch('-y');
    expect([run.code, run.stdout]).toEqual([0, 'codes: 2 made\n']);
    expect(w.names()).toEqual(['East.jpg', 'manifest.json', 'vip.jpg']);
    expect(w.manifest()).toMatchObject({
      version: 1,
      api_base: 'http://127.0.0.1:8090',
      codes: [
        {
          line: 2,
          name: 'East',
          scene_id: 7,
          permanent: false,
          expire_seconds: 86_400,
          expires_at: '2026-01-16T04:00:00.000Z',
          file: 'East.jpg',
        },
        {
          line: 3,
          name: 'vip',
          scene_str: 'vip',
          permanent: true,
          expire_seconds: null,
          expires_at: null,
          file: 'vip.jpg',
        },
      ],
      missing: [],
      left_over: [],
    });
  });

  test('prints one object a line with --json: ready, each code, summary', async () => {
    const w = world(rowsOf(2));
    const found = lines(await w.batch('--json', '--concurrency', '1'));
    expect(found.map(({ type }) => type)).toEqual(['ready', 'code', 'code', 'summary']);
    expect(found[0]).toEqual({ type: 'ready', rows: 2, to_make: 2, valid: 0, out_dir: 'codes' });
    expect(found[1]).toEqual({ type: 'code', ...w.manifest().codes[0] });
    expect(found[3]).toMatchObject({
      rows: 2,
      made: 2,
      valid: 0,
      failed: 0,
      not_reached: 0,
      missing: [],
      sheet: null,
    });
  });

  test('takes the table from stdin', async () => {
    const run = await world('', { stdin: 'scene\n1\n' }).run('qr', 'batch', '-', '--out-dir', 'codes');
    expect(run.stdout).toBe('codes: 1 made\n');
  });

  test.each([
    [['a.csv'], 'out_dir_missing'],
    [['a.csv', '--out-dir', ''], 'out_dir_missing'],
    [['a.csv', '--out-dir', 'codes', '--concurrency', '0'], 'concurrency_invalid'],
    [['a.csv', '--out-dir', 'codes', '--concurrency', '65'], 'concurrency_invalid'],
    [['none.csv', '--out-dir', 'codes'], 'file_unreadable'],
  ])('%j is exit 2 and sends nothing', async (words, type) => {
    const w = world(rowsOf(1));
    const run = await w.run('qr', 'batch', ...words, '--json');
    expect([run.code, errorOf(run)['type'], w.requests]).toEqual([2, type, []]);
  });

  test('sends nothing and writes nothing when one row of the table is wrong', async () => {
    const w = world(`${rowsOf(3)}0,,,\n`);
    const run = await w.batch();
    expect([run.code, w.requests, w.names()]).toEqual([2, [], []]);
    expect(run.stderr).toContain('a.csv:5: the scene of a temporary code must be an integer from 1');
  });

  test('names GBK', async () => {
    const w = world('', { files: { 'gbk.csv': Buffer.from('scene,name\n1,\xb6\xab\xc3\xc5\n', 'latin1') } });
    const run = await w.run('qr', 'batch', 'gbk.csv', '--out-dir', 'codes');
    expect([run.code, run.stderr]).toEqual([
      2,
      expect.stringContaining('it is not UTF-8, it looks like GBK'),
    ]);
  });

  test('asks once before permanent codes are made, and only those', async () => {
    const tty = ['stdin', 'stderr'] as const;
    const refused = world(rowsOf(2, 'yes'), { tty, answers: [false] });
    expect((await refused.batch()).code).toBe(1);
    expect([refused.requests, refused.shown[0]]).toEqual([
      [],
      'Create 2 permanent QR codes? They can never be deleted, and an account has 100000 in all.',
    ]);
    expect((await world(rowsOf(2, 'yes')).batch()).code).toBe(2);
    expect((await world(rowsOf(2, 'yes')).batch('-y')).code).toBe(0);
    expect((await world(rowsOf(2)).batch()).code).toBe(0);
  });
});

describe('qr batch --dry-run', () => {
  test('says what would be made and what is left over, calls nobody and changes nothing', async () => {
    const w = world(rowsOf(3));
    await w.batch();
    w.files.remove('codes/n2.jpg');
    const [before, requests] = [w.names(), w.requests.length];
    w.put('scene,name,expire,permanent\n1,n1,,\n2,n2,,\n4,n4,,yes\n');
    const run = await w.batch('--resume', '--dry-run');
    expect(run.stdout).toBe(
      'image only  n2.jpg\ncreate  n4.jpg\nleft over  n3.jpg\nWould make 2 of 3 codes; 1 are there, 1 left over\n',
    );
    expect([w.names(), w.requests.length]).toEqual([before, requests]);
    expect(lines(await w.batch('--resume', '--dry-run', '--json'))).toMatchObject([
      { type: 'plan', action: 'image', line: 3, scene_id: 2, file: 'n2.jpg' },
      { type: 'plan', action: 'create', line: 4, scene_id: 4, permanent: true, file: 'n4.jpg' },
      { type: 'plan', action: 'left_over', scene_id: 3, file: 'n3.jpg' },
      { type: 'summary', dry_run: true, rows: 3, create: 1, image: 1, valid: 1, left_over: 1 },
    ]);
  });

  test('needs no account', async () => {
    const environment = { WECHAT_MP_APPID: undefined, WECHAT_MP_APPSECRET: undefined };
    expect((await world(rowsOf(1), { environment }).batch('--dry-run')).code).toBe(0);
  });
});

describe('qr batch --resume', () => {
  test('does nothing where everything is there', async () => {
    const w = world(rowsOf(3));
    await w.batch();
    const before = w.requests.length;
    expect((await w.batch('--resume')).stdout).toBe('codes: 0 made, 3 were there\n');
    expect(w.requests).toHaveLength(before);
  });

  test.each([
    ['is gone', undefined, 0, 1],
    ['has other bytes of the same length', (bytes: Buffer) => Buffer.alloc(bytes.length), 0, 1],
    ['was cut', (bytes: Buffer) => bytes.subarray(1), 0, 1],
  ])('fetches a picture that %s, without another code', async (_, content, creates, images) => {
    const w = world(rowsOf(3));
    await w.batch();
    const whole = w.text('n2.jpg');
    if (content === undefined) w.files.remove('codes/n2.jpg');
    else w.files.write('codes/n2.jpg', content(w.files.read('codes/n2.jpg') ?? Buffer.of()));
    const [before, imagesBefore] = [w.calls(), w.calls('/cgi-bin/showqrcode')];
    expect((await w.batch('--resume')).code).toBe(0);
    expect([w.calls() - before, w.calls('/cgi-bin/showqrcode') - imagesBefore]).toEqual([creates, images]);
    expect(w.text('n2.jpg')).toBe(whole);
  });

  test('makes only changed and expired rows anew', async () => {
    const w = world('scene,expire\n1,7d\n2,7d\n3,1d\n');
    await w.batch();
    const ticket = (index: number) => w.manifest().codes[index]?.['ticket'];
    const before = [0, 1, 2].map(ticket);
    w.put('scene,expire\n1,7d\n2,8d\n3,1d\n');
    await w.clock.advance(86_400_000 - 1);
    await w.batch('--resume');
    expect([0, 1, 2].map((index) => ticket(index) === before[index])).toEqual([true, false, true]);
    await w.clock.advance(1);
    await w.batch('--resume');
    expect([0, 1, 2].map((index) => ticket(index) === before[index])).toEqual([true, false, false]);
  });

  test('gives a renamed row its picture under the new name, with the same code', async () => {
    const w = world('scene,name\n1,old\n');
    await w.batch();
    const { ticket } = w.manifest().codes[0] ?? {};
    w.put('scene,name\n1,new\n');
    await w.batch('--resume');
    expect([w.calls(), w.manifest().codes[0]]).toMatchObject([1, { ticket, file: 'new.jpg', name: 'new' }]);
    expect(w.text('new.jpg')).toBe(w.text('old.jpg'));
  });

  test('keeps the codes in mind whose rows are gone', async () => {
    const w = world(rowsOf(2, 'yes'));
    await w.batch('-y');
    w.put(rowsOf(1, 'yes'));
    await w.batch('-y', '--resume');
    expect(w.manifest()).toMatchObject({ codes: [{ scene_id: 1 }], left_over: [{ scene_id: 2 }] });
    w.put(rowsOf(2, 'yes'));
    expect((await w.batch('-y', '--resume')).stdout).toBe('codes: 0 made, 2 were there\n');
  });

  test('asks anew for a code whose ticket the platform has forgotten', async () => {
    const w = world(rowsOf(1));
    await w.batch();
    w.files.remove('codes/n1.jpg');
    await w.fault({ path: '/cgi-bin/showqrcode', status: 404, times: 1 });
    expect([(await w.batch('--resume')).code, w.calls()]).toEqual([0, 2]);
  });

  test('is refused for the codes of another account or platform', async () => {
    const w = world(rowsOf(1));
    await w.batch();
    for (const [from, to] of [
      ['"appid": "wx', '"appid": "wy'],
      ['127.0.0.1:8090', 'api.weixin.qq.com'],
    ] as const) {
      const good = w.text('manifest.json') ?? '';
      w.files.write('codes/manifest.json', good.replace(from, to));
      expect(errorOf(await w.batch('--resume', '--json'))).toMatchObject({
        code: 3,
        type: 'batch_of_other_account',
      });
      w.files.write('codes/manifest.json', good);
    }
    expect((await w.batch('--resume')).code).toBe(0);
  });
});

describe('the folder of qr batch', () => {
  test('is not begun in twice without --resume', async () => {
    const w = world(rowsOf(1));
    await w.batch();
    expect(errorOf(await w.batch('--json'))).toMatchObject({ code: 2, type: 'batch_exists' });
  });

  test.each(['n1.jpg', 'N1.JPG', 'index.html'])('keeps a file "%s" that is not ours', async (name) => {
    const w = world(rowsOf(1), { files: { [`codes/${name}`]: 'mine' } });
    expect(errorOf(await w.batch('--sheet', '--json'))).toMatchObject({
      code: 2,
      type: 'file_exists',
      files: [name],
    });
    expect([w.text(name), w.requests]).toEqual(['mine', []]);
  });

  test('loses the temporary files of a run that was killed, and no others', async () => {
    const w = world(rowsOf(1), { files: { 'codes/n1.jpg.abc123.tmp': 'x', 'codes/my.tmp': 'y' } });
    await w.batch();
    expect(w.names()).toEqual(['manifest.json', 'my.tmp', 'n1.jpg']);
  });

  test('is never left by a name', async () => {
    const w = world('scene,name\n1,../../x\n2,/etc/y\n3,C:\\z\n');
    await w.batch();
    expect([...w.files.contents.keys()].filter((file) => file.endsWith('.jpg')).toSorted()).toEqual([
      '/desk/codes/C__z.jpg',
      '/desk/codes/__.._x.jpg',
      '/desk/codes/_etc_y.jpg',
    ]);
  });

  test('gets a sheet of all codes with --sheet, also when nothing is left to do', async () => {
    const w = world(rowsOf(2));
    await w.batch();
    expect(w.text('index.html')).toBeUndefined();
    await w.batch('--resume', '--sheet', '--lang', 'zh');
    expect(w.text('index.html')?.match(/<figure>/g)).toHaveLength(2);
    expect(w.text('index.html')).toContain('场景值 2');
  });
});

describe('a batch that meets trouble', () => {
  test('stops at a used-up quota with exit 6, and can be resumed', async () => {
    const w = world(rowsOf(10));
    const limited = limitAfter(w, 4, 45009);
    const run = await limited.batch('--concurrency', '2', '--json');
    expect([run.code, errorOf(run)]).toMatchObject([
      6,
      { type: 'daily_quota', errcode: 45009, missing: 6, rows: 10 },
    ]);
    const summary = lines(run).at(-1) ?? {};
    expect(summary).toMatchObject({ made: 4, failed: 0, not_reached: 6 });
    expect((summary['missing'] as Fields[]).map(({ line }) => line)).toEqual([6, 7, 8, 9, 10, 11]);
    expect(limited.manifest().missing).toHaveLength(6);
    limited.release();
    expect((await limited.batch('--resume')).stdout).toBe('codes: 6 made, 4 were there\n');
    expect(new Set(limited.manifest().codes.map(({ ticket }) => ticket)).size).toBe(10);
  });

  test('says after a stop in words which lines are missing and how to go on', async () => {
    const limited = limitAfter(world(rowsOf(10)), 4, 45011);
    const run = await limited.batch('--concurrency', '1');
    expect(run.code).toBe(6);
    expect(run.stderr).toContain(
      '6 of 10 codes are missing, those of lines 6–11; all are listed in codes/manifest.json',
    );
    expect(run.stderr).toContain('Fix: Wait a minute and go on more slowly; then run it again with --resume');
  });

  test('goes on after a row that is refused: exit 4, the row is named', async () => {
    const w = world(rowsOf(4));
    await w.fault({ path: createPath, errcode: 40053, times: 1 });
    const run = await w.batch('--concurrency', '1');
    expect([run.code, run.stdout]).toEqual([4, 'codes: 3 made, 1 missing\n']);
    expect(run.stderr).toMatch(/ {2}line 2, "n1": WeChat refused the request: .*\(40053\)\n/);
    expect(w.manifest().missing).toEqual([{ line: 2, name: 'n1', scene_id: 1, reason: 'invalid_qr_scene' }]);
  });

  test('tells failed rows in the order of the table, whichever failed first', async () => {
    const w = world(rowsOf(3), { timePasses: true });
    await w.fault({ path: createPath, errcode: -1, times: 1 });
    await w.fault({ path: createPath, errcode: 40053, times: 3 });
    const { stderr } = await w.batch('--concurrency', '3');
    expect(stderr.match(/^ {2}line \d/gm)).toEqual(['  line 2', '  line 3', '  line 4']);
  });

  test('gives up after ten rows in a row that fail, not after nine', async () => {
    const ten = world(rowsOf(30));
    await ten.fault({ path: createPath, errcode: 40053, times: 100 });
    expect(errorOf(await ten.batch('--concurrency', '1', '--json'))).toMatchObject({ code: 4, missing: 30 });
    expect(ten.calls()).toBe(10);
    const nine = world(rowsOf(30));
    await nine.fault({ path: createPath, errcode: 40053, times: 9 });
    expect(errorOf(await nine.batch('--concurrency', '1', '--json'))).toMatchObject({
      type: 'batch_incomplete',
      missing: 9,
    });
  });

  test('stops at once where the account is refused', async () => {
    const w = world(rowsOf(30));
    await w.fault({ path: createPath, errcode: 48001, times: 100 });
    expect([(await w.batch('--concurrency', '1')).code, w.calls()]).toEqual([3, 1]);
  });

  test('outlasts -1, HTTP 500 and bad pictures', async () => {
    const w = world(rowsOf(3), { timePasses: true });
    await w.fault({ path: createPath, errcode: -1, times: 4 });
    await w.fault({ path: '/cgi-bin/showqrcode', status: 500, times: 4 });
    expect([(await w.batch()).code, w.manifest().codes.length]).toEqual([0, 3]);
    const v = world(rowsOf(1), { timePasses: true });
    await v.fault({ path: '/cgi-bin/showqrcode', body: 'no picture', times: 1 });
    expect([(await v.batch()).code, v.calls(), v.calls('/cgi-bin/showqrcode')]).toEqual([0, 1, 2]);
  });

  test('asks three times for a temporary one before it gives up its row', async () => {
    const w = world(rowsOf(1), { timePasses: true });
    await w.fault({ path: createPath, errcode: -1, times: 100 });
    expect([(await w.batch()).code, w.calls()]).toEqual([4, 3]);
  });

  test.each(['n2.jpg', 'manifest.jsonl'])(
    'ends with exit 7 where "%s" does not fit on the disk',
    async (name) => {
      const w = world(rowsOf(4));
      w.files.fail(name.endsWith('l') ? 'append' : 'write', `codes/${name}`, 'ENOSPC');
      const run = await w.batch('--concurrency', '1', '--json');
      expect([run.code, errorOf(run)]).toMatchObject([7, { type: 'disk_full' }]);
      expect(errorOf(run)['hint']).toBe('Free some space, then run it again with --resume');
      w.files.heal();
      expect((await w.batch('--resume')).code).toBe(0);
      expect(new Set(w.manifest().codes.map(({ ticket }) => ticket)).size).toBe(4);
      // A code that was made is known, whatever was not written.
      expect(w.calls()).toBe(4);
    },
  );

  test('begins nothing new after a signal', async () => {
    const w = world(rowsOf(20));
    const limited = interruptAfter(w, 3);
    const run = await limited.batch('--concurrency', '1', '--json');
    expect([run.code, errorOf(run)]).toMatchObject([130, { missing: 17 }]);
    expect([w.calls(), w.manifest().missing.length]).toEqual([3, 17]);
  });
});

describe('a permanent code whose creation got no clear answer', () => {
  const lost = { path: createPath, drop: true, after: true, times: 1 };
  const rows = 'scene,permanent\na,yes\nb,yes\nc,\n';

  test.each([
    ['a lost answer', lost, 'reset'],
    ['HTTP 502', { path: createPath, status: 502, times: 1 }, 'http_status'],
    ['{}', { path: createPath, body: '{}', times: 1 }, 'unexpected_answer'],
    ['system error', { path: createPath, errcode: -1, times: 1 }, 'system_busy'],
  ])('is asked for once after %s: exit 4, its row is unknown', async (_, fault, reason) => {
    const w = world(rows, { timePasses: true });
    await w.fault(fault);
    const run = await w.batch('-y', '--concurrency', '1', '--json');
    expect([run.code, w.calls()]).toEqual([4, 3]);
    expect(lines(run).map(({ type }) => type)).toEqual(['ready', 'unknown', 'code', 'code', 'summary']);
    expect(lines(run).at(-1)).toMatchObject({ made: 2, failed: 0, unknown: 1, not_reached: 0 });
    expect(errorOf(run)).toMatchObject({ type: 'batch_incomplete', missing: 1, unknown: 1 });
    expect(w.manifest()).toMatchObject({
      missing: [{ line: 2, scene_str: 'a', reason: 'unknown' }],
      unknown: [
        { line: 2, name: 'a', scene_str: 'a', permanent: true, asked_at: '2026-01-15T04:00:00.000Z', reason },
      ],
    });
  });

  test('is left alone by --resume, which lists it, until --retry-unknown', async () => {
    const w = world(rows);
    await w.fault(lost);
    await w.batch('-y', '--concurrency', '1');
    const run = await w.batch('-y', '--resume', '--sheet');
    expect([run.code, run.stdout, w.calls()]).toEqual([
      4,
      'codes: 0 made, 2 were there, 1 missing, 1 of them unknown\n',
      3,
    ]);
    expect(run.stderr).toContain('✗ Nobody knows whether 1 of 3 codes was made\n');
    expect(run.stderr).toContain(
      '  line 2, "a": unknown, it was asked for at 2026-01-15T04:00:00.000Z without a clear answer (reset) and may exist\n',
    );
    expect(run.stderr).toContain(
      'Fix: For those that are unknown add --resume --retry-unknown: at worst one',
    );
    expect(w.text('index.html')).toContain('1 missing, 1 of them may exist on the platform');
    const found = lines(await w.batch('-y', '--resume', '--json'));
    expect(found[1]).toMatchObject({ type: 'unknown', line: 2, scene_str: 'a', reason: 'reset' });
    const again = await w.batch('-y', '--resume', '--retry-unknown');
    expect([again.code, again.stdout, w.calls()]).toEqual([0, 'codes: 1 made, 2 were there\n', 4]);
    expect(w.manifest()).toMatchObject({ missing: [], unknown: [] });
  });

  test('says all of that in Chinese', async () => {
    const w = world(rows);
    await w.fault(lost);
    await w.batch('-y', '--concurrency', '1');
    const run = await w.batch('-y', '--resume', '--lang', 'zh');
    expect(run.stdout).toBe('codes：新建 0 个，已有 2 个，缺少 1 个，其中 1 个状态不明\n');
    expect(run.stderr).toContain('✗ 3 个二维码中有 1 个不确定是否已创建\n');
    expect(run.stderr).toContain('解决：状态不明的行请加上 --resume --retry-unknown');
  });

  test('is shown by --dry-run, and asked about before it is made again', async () => {
    const w = world(rows, { tty: ['stdin', 'stderr'], answers: [true, false] });
    await w.fault(lost);
    await w.batch('--concurrency', '1');
    const plan = await w.batch('--resume', '--dry-run');
    expect(plan.stdout).toBe(
      'unknown, left alone  line 2, a\nWould make 0 of 3 codes; 2 are there, 1 unknown, 0 left over\n',
    );
    expect((await w.batch('--resume', '--retry-unknown', '--dry-run')).stdout).toMatch(/^create {2}a\.jpg\n/);
    expect((await w.batch('--resume', '--retry-unknown')).code).toBe(1);
    expect(w.shown.at(-1)).toContain('1 of them may exist already.');
    expect(w.calls()).toBe(3);
  });

  test('stays unknown where it is asked for again and refused', async () => {
    const w = world(rows);
    await w.fault(lost);
    await w.batch('-y', '--concurrency', '1');
    await w.fault({ path: createPath, errcode: 45009, times: 1 });
    const run = await w.batch('-y', '--resume', '--retry-unknown', '--json');
    expect([run.code, errorOf(run)]).toMatchObject([6, { unknown: 1 }]);
    expect(w.manifest()).toMatchObject({ unknown: [{ line: 2, reason: 'reset' }] });
  });

  test('is not unknown where it was refused', async () => {
    const w = world(rows);
    await w.fault({ path: createPath, errcode: 40053, times: 1 });
    await w.batch('-y', '--concurrency', '1');
    expect(w.manifest()).toMatchObject({ missing: [{ reason: 'invalid_qr_scene' }], unknown: [] });
    expect([(await w.batch('-y', '--resume')).code, w.calls()]).toEqual([0, 4]);
  });

  test('is written down before it is asked for', async () => {
    const w = world(rows);
    const seen: (string | undefined)[] = [];
    const watched = through(w, async (_, send) => {
      seen.push(w.text('manifest.jsonl')?.trimEnd().split('\n').at(-1));
      return await send();
    });
    await watched.batch('-y', '--concurrency', '1');
    expect(seen.map((line) => JSON.parse(line || '{}') as Fields)).toMatchObject([
      { scene_str: 'a', outcome: 'unknown' },
      { scene_str: 'b', outcome: 'unknown' },
      { scene_str: 'b', sha256: expect.any(String) },
    ]);
  });

  test('is unknown where the run was killed before the answer', async () => {
    const w = world(rows);
    await w.batch('-y', '--concurrency', '1');
    // As a kill leaves them: the journal is there, the code of the second row is in neither file.
    const [first] = w.manifest().codes;
    const asked = { line: 3, name: 'b', scene_str: 'b', permanent: true, asked_at: first?.['created_at'] };
    const head = { ...w.manifest(), codes: [first] };
    w.files.write('codes/manifest.json', JSON.stringify(head));
    w.files.write(
      'codes/manifest.jsonl',
      `${JSON.stringify({ ...asked, reason: 'no_answer', outcome: 'unknown' })}\n`,
    );
    w.files.remove('codes/b.jpg');
    w.files.remove('codes/c.jpg');
    const run = await w.batch('-y', '--resume', '--json');
    expect([run.code, lines(run).at(-1)]).toMatchObject([4, { made: 1, unknown: 1, valid: 1 }]);
    expect(w.manifest()).toMatchObject({ unknown: [{ line: 3, scene_str: 'b', reason: 'no_answer' }] });
  });

  test('stays in mind when its row is gone, and comes back with it', async () => {
    const w = world(rows);
    await w.fault(lost);
    await w.batch('-y', '--concurrency', '1');
    w.put('scene,permanent\nb,yes\nc,\n');
    expect((await w.batch('-y', '--resume')).code).toBe(0);
    expect(w.manifest()).toMatchObject({ missing: [], unknown: [{ scene_str: 'a' }] });
    w.put(rows);
    expect((await w.batch('-y', '--resume')).code).toBe(4);
  });

  test('stops the batch after three in a row, and not after two', async () => {
    const three = world(rowsOf(9, 'yes'));
    await three.fault({ ...lost, times: 3 });
    const run = await three.batch('-y', '--concurrency', '1', '--json');
    expect([run.code, three.calls(), errorOf(run)]).toMatchObject([5, 3, { missing: 9, unknown: 3 }]);
    expect(errorOf(run)['hint']).toMatch(/^Run it again with --resume for the other rows; for those/);
    const two = world(rowsOf(9, 'yes'));
    await two.fault({ ...lost, times: 2 });
    expect([(await two.batch('-y', '--concurrency', '1')).code, two.calls()]).toEqual([4, 9]);
  });

  test('and temporary ones are not repeated by themselves, but made by --resume', async () => {
    const w = world(rowsOf(2));
    await w.fault(lost);
    const run = await w.batch('--concurrency', '1', '--json');
    expect([run.code, w.calls(), lines(run).at(-1)]).toMatchObject([4, 2, { failed: 1, unknown: 0 }]);
    expect((await w.batch('--resume')).code).toBe(0);
  });

  test('--retry-unknown without --resume is exit 2', async () => {
    expect(errorOf(await world(rows).batch('--retry-unknown', '--json'))).toMatchObject({
      code: 2,
      type: 'resume_missing',
    });
  });
});

describe('the progress of qr batch', () => {
  test('is one line for each tenth in CI', async () => {
    const run = await world(rowsOf(30), { environment: { CI: 'true' } }).batch('--concurrency', '1');
    expect(run.stderr.match(/^\d+\/30 \(\d+ %\)/gm)).toEqual(
      Array.from({ length: 10 }, (_, index) => `${(index + 1) * 3}/30 (${(index + 1) * 10} %)`),
    );
    expect((await world(rowsOf(30)).batch()).stderr).not.toContain('/30');
    expect((await world(rowsOf(30), { environment: { CI: 'true' } }).batch('-q')).stderr).not.toContain(
      '/30',
    );
  });

  test('moves on a terminal with rate and remaining time, after 300 ms', async () => {
    const slow = world(rowsOf(10), { tty: ['stderr'], timePasses: true });
    await slow.fault({ path: createPath, delay: '200ms', times: 10 });
    await slow.batch('--concurrency', '1');
    const shown = slow.shown.filter((line) => line.startsWith('spinner '));
    expect(shown[0]).toMatch(/^spinner 1\/10 \(10 %\)/);
    expect(shown.at(-2)).toMatch(/^spinner \d+\/10 \(\d+ %\), \d+(\.\d)? a second, \d s left$/);
    expect(shown.at(-1)).toBe('spinner stopped');
  });
});

const interrupted = new WechatMpError({
  family: 'interrupted',
  type: 'interrupted',
  text: { en: 'Interrupted', zh: '已中断' },
});

type World = ReturnType<typeof world>;

/** A platform that refuses codes after so many. */
function limitAfter(w: World, count: number, errcode: number): World & { release(): void } {
  return through(w, (made, send) =>
    made > count
      ? Promise.resolve({
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: Buffer.from(JSON.stringify({ errcode, errmsg: 'limit' })),
        })
      : send(),
  );
}

function interruptAfter(w: World, count: number): World {
  return through(w, (made, send) => {
    if (made === count) w.interruption.abort(interrupted);
    return send();
  });
}

/** Puts something between the tool and the simulator where codes are made. */
function through(
  w: World,
  between: (made: number, send: () => ReturnType<Fetch>) => ReturnType<Fetch>,
): World & { release(): void } {
  const open = w.io.fetch;
  let made = 0;
  let active = true;
  (w.io as { fetch: typeof open }).fetch = async (options) => {
    const send = await open(options);
    return (request) => {
      if (!active || !request.url.includes(createPath)) return send(request);
      made += 1;
      return between(made, () => send(request));
    };
  };
  return { ...w, release: () => void (active = false) };
}

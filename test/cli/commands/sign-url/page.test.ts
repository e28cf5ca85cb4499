import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { jssdkErrorCauses } from '../../../../src/core/jssdk/errors.ts';
import { fakeWorld } from '../../../helpers/fake-io.ts';

const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg';
const url = 'https://example.com/a/b?x=1&y=2';
const inWeChat = 'Mozilla/5.0 MicroMessenger/8.0.50';

async function create(page = url, ...more: readonly string[]) {
  const words = [
    '--ticket-stdin',
    '--nonce',
    'Wm3WZYTPz0wzccnW',
    '--timestamp',
    '1414587457',
    '--format',
    'html',
  ];
  return await fakeWorld({ stdin: ticket }).run('sign-url', page, ...words, ...more);
}

interface Element {
  textContent: string;
  className: string;
  hidden: boolean;
  src: string;
  onload?: () => void;
  onerror?: () => void;
}

interface Answer {
  readonly errMsg: string;
}

/** The page in a browser that has only what it needs. */
function open(html: string, href: string, userAgent = inWeChat) {
  const elements = new Map<string, Element>();
  const scripts: Element[] = [];
  const create_ = (): Element => ({ textContent: '', className: '', hidden: true, src: '' });
  const element = (id: string): Element => {
    if (!html.includes(`id="${id}"`)) throw new Error(`there is no #${id}`);
    const found = elements.get(id) ?? create_();
    elements.set(id, found);
    return found;
  };
  const configs: unknown[] = [];
  const heard: {
    ready?: () => void;
    error?: (answer: Answer) => void;
    tags?: (event: { readonly detail: Answer }) => void;
  } = {};
  const wx = {
    config: (value: unknown) => configs.push(JSON.parse(JSON.stringify(value))),
    ready: (heardReady: () => void) => (heard.ready = heardReady),
    error: (heardError: (answer: Answer) => void) => (heard.error = heardError),
    checkJsApi: ({ jsApiList, success }: { jsApiList: string[]; success: (answer: unknown) => void }) =>
      success({ checkResult: Object.fromEntries(jsApiList.map((name) => [name, true])) }),
  };
  const document = {
    getElementById: element,
    createElement: create_,
    head: { appendChild: (script: Element) => scripts.push(script) },
    addEventListener: (type: string, hear: (event: { readonly detail: Answer }) => void) => {
      if (type === 'WeixinOpenTagsError') heard.tags = hear;
    },
  };
  const code = Array.from(html.matchAll(/<script>([\s\S]*?)<\/script>/g), (match) => match[1] ?? '');
  vm.runInNewContext(code.join('\n'), { document, location: { href }, navigator: { userAgent }, wx });
  const text = (id: string) => element(id).textContent;
  return { text, kind: (id: string) => element(id).className, scripts, configs, heard };
}

describe('sign-url --format html', () => {
  test('is one document that loads the script of WeChat and holds no secret', async () => {
    const { code, stdout, stderr } = await create();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(stdout).not.toContain(ticket.slice(0, 8));
    expect(Array.from(stdout.matchAll(/https?:\/\/[\w.-]+/g), ([host]) => host).toSorted()).toEqual([
      'https://example.com',
      'https://res.wx.qq.com',
      'https://res2.wx.qq.com',
    ]);
    expect(stderr).toBe(`Put the page where ${url} shows it, and open it in WeChat\n`);
    expect((await create(url, '--lang', 'zh')).stdout).toContain('<html lang="zh-CN">');
  });

  test('shows the address of the page and that it is the signed one', async () => {
    const page = open((await create()).stdout, `${url}#/route?a#b`);
    expect([page.text('here'), page.text('signed'), page.kind('same')]).toEqual([url, url, 'good']);
    expect(page.text('same')).toBe('The page is at the URL that was signed\n当前地址与签名的地址一致');
    const chinese = open((await create(url, '--lang', 'zh')).stdout, url);
    expect(chinese.text('same')).toMatch(/^当前地址与签名的地址一致\nThe page/);
  });

  test('shows where the address of the page differs from the signed one', async () => {
    const page = open((await create()).stdout, 'https://example.com/a/b?x=1&from=timeline');
    expect(page.kind('same')).toBe('bad');
    expect(page.text('same')).toContain('… com/a/b?x=1&from=timeline\n… com/a/b?x=1&y=2');
  });

  test('calls wx.config when the script has come, from the other host where the first fails', async () => {
    const page = open((await create(url, '--api-list', 'scanQRCode')).stdout, url);
    expect(page.scripts.map(({ src }) => src)).toEqual(['https://res.wx.qq.com/open/js/jweixin-1.6.0.js']);
    page.scripts[0]?.onerror?.();
    expect(page.scripts[1]?.src).toBe('https://res2.wx.qq.com/open/js/jweixin-1.6.0.js');
    expect(page.configs).toEqual([]);
    page.scripts[1]?.onload?.();
    expect(page.configs).toEqual([
      {
        debug: false,
        appId: expect.stringMatching(/^wx/) as string,
        timestamp: 1414587457,
        nonceStr: 'Wm3WZYTPz0wzccnW',
        signature: '75d179db3f6cd621e8c674d2659ab8da02a0f058',
        jsApiList: ['scanQRCode'],
      },
    ]);
    expect(page.text('result')).toContain('has not answered yet');
  });

  test('says why wx.config was not called or answered', async () => {
    const page = open((await create()).stdout, url);
    page.scripts[0]?.onerror?.();
    page.scripts[1]?.onerror?.();
    expect([page.scripts.length, page.kind('result')]).toEqual([2, 'bad']);
    expect(page.text('result')).toContain('无法加载微信 JS 文件');
    const other = open((await create()).stdout, url, 'Mozilla/5.0 Firefox/150');
    other.scripts[0]?.onload?.();
    expect(other.text('result')).toContain('This browser is not WeChat');
  });

  test('shows that open tags cannot be used, of which wx.error says nothing', async () => {
    const page = open((await create(url, '--open-tags', 'wx-open-audio')).stdout, url);
    page.scripts[0]?.onload?.();
    expect(page.configs).toMatchObject([{ openTagList: ['wx-open-audio'] }]);
    page.heard.tags?.({ detail: { errMsg: 'config:fail no permission' } });
    expect([page.text('tags'), page.kind('tags')]).toEqual([
      'Open tags cannot be used: config:fail no permission\n无法使用开放标签：config:fail no permission',
      'bad',
    ]);
  });

  test('shows that wx.config passed, and which calls there are', async () => {
    const page = open((await create(url, '--api-list', 'scanQRCode')).stdout, url);
    page.scripts[0]?.onload?.();
    page.heard.ready?.();
    expect([page.text('result'), page.kind('result')]).toEqual([
      'wx.config passed (config:ok)\nwx.config 校验通过（config:ok）',
      'good',
    ]);
    expect(page.text('calls')).toContain('{"scanQRCode":true}');
  });

  test('explains the errMsg in both languages, and stays with it when wx.ready follows', async () => {
    const page = open((await create()).stdout, url);
    page.scripts[0]?.onload?.();
    page.heard.error?.({ errMsg: 'config:fail, Error: 63002, Invalid Signature rid: 1' });
    page.heard.ready?.();
    const [cause] = jssdkErrorCauses.filter(({ patterns }) => patterns.includes('invalid signature'));
    expect(page.kind('result')).toBe('bad');
    expect(page.text('result')).toContain(
      'wx.config failed: config:fail, Error: 63002, Invalid Signature rid: 1\n',
    );
    expect(page.text('result')).toContain(`\n\n${cause?.text.en}\n${cause?.text.zh}`);
    page.heard.error?.({ errMsg: 'config:fail 100%' });
    expect(page.text('result')).toContain('config:fail 100%\n\nThis answer is not among the known ones');
  });

  test('lets nothing out of its script, whatever was signed', async () => {
    const evil = `https://e.com/</script><script>alert(1)</script>?"'&\u2028<!--`;
    const { stdout } = await create(evil, '--as-is', '--api-list', '</script><img src=x onerror=alert(1)>');
    expect(stdout.match(/<script/g)).toHaveLength(1);
    expect(stdout).not.toMatch(/<img|<!--|\u2028/);
    expect(open(stdout, 'https://e.com/').text('signed')).toBe(evil);
  });
});

describe('jssdkErrorCauses', () => {
  test.each([
    ['config:fail, invalid url domain', 'JS-safe domains'],
    ['config:invalid signature', 'sign-url --check'],
    ['the permission value is offline verifying', 'jsApiList'],
    ['scanQRCode:permission denied', 'no right'],
    ['scanQRCode:fail function not exist', 'too old'],
    ['config:fail, system error', 'sign-url --check'],
  ])('explains %j', (message, words) => {
    const cause = jssdkErrorCauses.find(({ patterns }) =>
      patterns.some((pattern) => message.includes(pattern)),
    );
    expect(cause?.text.en).toContain(words);
  });
});

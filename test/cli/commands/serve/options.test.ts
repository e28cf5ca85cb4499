import { describe, expect, test } from 'vitest';
import { readMessage } from '../../../../src/core/message/message.ts';
import { WechatMpError } from '../../../../src/core/errors.ts';
import { formatReply } from '../../../../src/core/reply/reply.ts';
import type { PassiveReply } from '../../../../src/core/reply/reply.ts';
import {
  choosePlace,
  chooseReply,
  parseHttpUrl,
  parsePublicUrl,
  readRules,
} from '../../../../src/cli/commands/serve/options.ts';
import type { Context } from '../../../../src/cli/context.ts';
import { createMemoryFiles } from '../../../helpers/memory-files.ts';

const message = readMessage({
  FromUserName: 'o_1',
  ToUserName: 'gh_1',
  MsgType: 'text',
  Content: 'hello',
  MsgId: '1',
});
const push = { format: 'xml', encrypted: false } as const;
const contextWith = (files: Readonly<Record<string, string>>): Context =>
  ({ io: { files: createMemoryFiles(files, '/desk') } }) as unknown as Context;
const answer = async (value: string, files: Readonly<Record<string, string>> = {}) =>
  (await chooseReply(contextWith(files), value))?.(message, push);
const failure = async (promise: Promise<unknown>): Promise<WechatMpError> => {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WechatMpError);
  return error as WechatMpError;
};

describe('chooseReply()', () => {
  test('chooseReply() knows three words', async () => {
    expect(await chooseReply(contextWith({}), 'echo')).toBeUndefined();
    expect(await answer('success')).toBe('success');
    expect(await answer('none')).toBe('');
  });

  const replies: readonly PassiveReply[] = [
    { msgType: 'text', content: 'You said {{Content}}' },
    { msgType: 'news', articles: [{ title: 't', description: '', picUrl: '', url: 'u' }] },
    { msgType: 'transfer_biz_ai_ivr' },
  ];
  test.each(replies)(
    'chooseReply() reads %j from a file in XML, whose sides and time do not matter',
    async (reply) => {
      const xml = formatReply(reply, { toUserName: 'x', fromUserName: 'y', createTime: 1 });
      const filled = JSON.parse(JSON.stringify(reply).replace('{{Content}}', 'hello')) as PassiveReply;
      expect(await answer('r.xml', { 'r.xml': `\uFEFF<?xml version="1.0"?>\n${xml}` })).toEqual(filled);
    },
  );

  test('chooseReply() reads JSON as in rules, and takes any other file for the text', async () => {
    const json = '// c\n{"type": "image", "media_id": "m"}';
    expect(await answer('r.json', { 'r.json': json })).toEqual({ msgType: 'image', mediaId: 'm' });
    expect(await answer('r.txt', { 'r.txt': '\uFEFF你好 {{Content}}\n' })).toEqual({
      msgType: 'text',
      content: '你好 hello',
    });
  });

  test.each([
    ['<xml><MsgType>image</MsgType></xml>', '"Image.MediaId" is missing'],
    ['<xml><MsgType>wxcard</MsgType></xml>', '"MsgType" is none of a reply'],
    ['<xml>', 'an element is not closed'],
    ['{"type": "image"}', '"media_id" is missing'],
    [' \n', 'it is empty'],
  ])('chooseReply() refuses the file %j', async (content, words) => {
    const error = await failure(answer('r', { r: content }));
    expect(error.family).toBe('input');
    expect(error.text.en).toContain('"r"');
    expect(error.text.en).toContain(words);
  });

  test('chooseReply() takes an unknown word for a file that is missing', async () => {
    expect((await failure(answer('ecko'))).text.en).toBe('Cannot read "ecko": no such file');
  });
});

describe('readRules()', () => {
  test('readRules() answers by the file, and otherwise as it is told', async () => {
    const context = contextWith({ 'rules.json': '[{"text": "/^h(.)/", "reply": "{{1}}"}]' });
    const reply = await readRules(context, 'rules.json', () => 'success');
    expect(reply(message, push)).toEqual({ msgType: 'text', content: 'e' });
    expect(reply({ ...message, content: 'x' } as typeof message, push)).toBe('success');
  });
});

describe('parsePublicUrl()', () => {
  test.each([
    ['https://a.example.com', 'https://a.example.com/wechat'],
    ['https://a.example.com/', 'https://a.example.com/wechat'],
    ['https://a.example.com/x?y=1', 'https://a.example.com/x?y=1'],
    ['http://a.example.com:80', 'http://a.example.com/wechat'],
    ['https://a.example.com:443/x', 'https://a.example.com/x'],
  ])('parsePublicUrl() makes of %s the address %s', (value, wanted) => {
    expect(parsePublicUrl(value, '--public-url', '/wechat')).toBe(wanted);
  });

  test.each(['https://a.example.com:8443', 'http://a.example.com:443', 'https://a.example.com:80'])(
    'parsePublicUrl() refuses the port of %s',
    (value) => {
      expect(() => parsePublicUrl(value, '--public-url', '/wechat')).toThrow(
        'WeChat calls port 80 or 443 only',
      );
    },
  );
});

describe('parseHttpUrl()', () => {
  test.each([
    '',
    'example.com',
    '/wechat',
    'ftp://a/',
    'file:///etc/passwd',
    'https://u:p@a/',
    'https://a/#b',
  ])('parseHttpUrl() refuses %j', (value) =>
    expect(() => parseHttpUrl(value, '--forward-to')).toThrow('--forward-to'),
  );
});

describe('choosePlace()', () => {
  const place = (
    options: { readonly port?: number; readonly path?: string },
    project?: { readonly servePort?: string; readonly servePath?: string },
  ) =>
    choosePlace(
      { settings: { project: project && { path: '/r/wechat-mp.json', ...project } } } as Context,
      options,
    );

  test('choosePlace() prefers flags to the project file, and that to the defaults', () => {
    const project = { servePort: '9000', servePath: '/mp' };
    expect(place({})).toEqual({ port: 8080, path: '/wechat' });
    expect(place({}, project)).toEqual({ port: 9000, path: '/mp' });
    expect(place({ port: 0, path: '/x' }, project)).toEqual({ port: 0, path: '/x' });
    expect(place({ port: 1 }, { servePath: '/mp' })).toEqual({ port: 1, path: '/mp' });
  });

  test.each([
    [{}, { servePort: '70000' }, 'Cannot use "70000" for "serve.port" in /r/wechat-mp.json'],
    [{}, { servePort: '80.5' }, 'Cannot use "80.5" for "serve.port"'],
    [{}, { servePath: 'mp' }, 'Cannot use "mp" for "serve.path" in /r/wechat-mp.json'],
    [{ path: '/a?b' }, {}, 'Cannot use "/a?b" for --path'],
  ])('choosePlace() refuses %j with %j', (options, project, words) => {
    expect(() => place(options, project)).toThrow(words);
  });

  test('choosePlace() does not look at a mistake in the file that a flag sets aside', () => {
    expect(place({ port: 1, path: '/a' }, { servePort: 'x', servePath: 'y' })).toEqual({
      port: 1,
      path: '/a',
    });
  });
});

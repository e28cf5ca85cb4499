/** What the flags of `serve` mean: where replies come from, and the address that WeChat calls. */
import { inputError, VerificationError } from '../../../core/errors.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import type { ChooseReply } from '../../../server/answering.ts';
import type { RuleReply } from '../../../server/rules.ts';
import type { Context } from '../../context.ts';
import { unsuitable } from '../../frame/flag-errors.ts';
import { parsePort } from '../../shared/long-running.ts';

/** `success`, `none`, or a file with a reply; the echo is chosen where nothing else is, and loaded with the first push. */
export async function chooseReply(context: Context, value: string): Promise<ChooseReply | undefined> {
  if (value === 'echo') return undefined;
  if (value === 'success' || value === 'none') return () => (value === 'none' ? '' : 'success');
  const reply = await readReplyFile(context, value);
  const { createRuleReply } = await import('../../../server/rules.ts');
  return createRuleReply([{ reply }], () => 'success');
}

/** The rules of a file, and `otherwise` where none matches. */
export async function readRules(
  context: Context,
  path: string,
  otherwise: ChooseReply | undefined,
): Promise<ChooseReply> {
  const [{ parseRulesFile }, { createRuleReply }, { inputName, readTextInput }] = await Promise.all([
    import('./rules-file.ts'),
    import('../../../server/rules.ts'),
    import('../../files/text-input.ts'),
  ]);
  const text = await readTextInput(context, path, readLimits.text);
  return createRuleReply(parseRulesFile(text, inputName(path)), otherwise);
}

/** A reply in XML, in JSON as rules have it, or a text of any other kind, which is the text of the reply. */
async function readReplyFile(context: Context, path: string): Promise<RuleReply> {
  const { inputName, readTextInput } = await import('../../files/text-input.ts');
  const name = inputName(path);
  const text = await readTextInput(context, path, readLimits.text);
  const start = text.trimStart();
  if (start.startsWith('<')) return await parseXmlReply(start, name);
  if (/^(?:\{|\/[/*])/.test(start)) return (await import('./rules-file.ts')).parseReplyFile(text, name);
  const content = start.trimEnd();
  if (content === '') {
    throw inputError(
      'reply_invalid',
      { en: `Cannot use "${name}" as a reply: it is empty`, zh: `"${name}" 不能作为回复：内容为空` },
      { en: 'Use --reply none to show nothing', zh: '不需要回复时请使用 --reply none' },
    );
  }
  return { msgType: 'text', content };
}

/** Sides and time of the file do not matter: every push has its own. */
async function parseXmlReply(text: string, name: string): Promise<RuleReply> {
  const [{ parseXml }, { readReply }, { checkContent }] = await Promise.all([
    import('../../../core/message/xml.ts'),
    import('../../../core/reply/reply.ts'),
    import('../../../core/reply/content-rules.ts'),
  ]);
  try {
    const fields = parseXml(text, { maxBytes: readLimits.text });
    const reply = readReply(fields);
    if (reply !== undefined) return reply;
    const [problem] = checkContent(fields);
    throw refused(name, problem?.text ?? { en: '"MsgType" is none of a reply', zh: '“MsgType”不是回复类型' });
  } catch (error) {
    throw error instanceof VerificationError ? refused(name, error.text) : error;
  }
}

function refused(name: string, why: { readonly en: string; readonly zh: string }): Error {
  return inputError(
    'reply_invalid',
    { en: `Cannot use "${name}" as a reply: ${why.en}`, zh: `"${name}" 不能作为回复：${why.zh}` },
    { en: `Correct ${name}`, zh: `请修改 ${name}` },
    { file: name },
  );
}

/** Port and path: flags, then `serve` in `wechat-mp.json`, then what the documentation shows. */
export function choosePlace(
  context: Context,
  options: { readonly port?: number | undefined; readonly path?: string | undefined },
): { readonly port: number; readonly path: string } {
  const { project } = context.settings;
  const inFile = (key: string): string => `"serve.${key}" in ${project?.path}`;
  const [filePort, filePath] = [project?.servePort, project?.servePath];
  const fromFile = {
    port: () => (filePort === undefined ? 8080 : parsePort(filePort, inFile('port'))),
    path: () => (filePath === undefined ? '/wechat' : checkPath(filePath, inFile('path'))),
  };
  return {
    port: options.port ?? fromFile.port(),
    path: options.path === undefined ? fromFile.path() : checkPath(options.path, '--path'),
  };
}

function checkPath(path: string, name: string): string {
  if (path.startsWith('/') && !/[?#\s]/.test(path)) return path;
  throw unsuitable('path_invalid', path, name, {
    en: 'it must begin with "/" and have no query',
    zh: '必须以“/”开头，且不含查询参数',
  });
}

export function parseHttpUrl(value: string, flag: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.hash !== '') {
    throw unsuitable(
      'url_invalid',
      value,
      flag,
      {
        en: 'it must be an http or https URL without user and fragment',
        zh: '应为 http 或 https 地址，不含用户名和 #',
      },
      { en: 'Write it out: https://example.com/wechat', zh: '请写完整，如 https://example.com/wechat' },
    );
  }
  return url;
}

/** The address that WeChat calls. One without a path gets that of the server. */
export function parsePublicUrl(value: string, flag: string, path: string): string {
  const url = parseHttpUrl(value, flag);
  // Quirk: the console takes these two ports only, whatever the server listens on behind a tunnel.
  if (url.port !== '') {
    throw unsuitable(
      'public_port_invalid',
      value,
      flag,
      {
        en: `WeChat calls port 80 or 443 only, got ${url.port}`,
        zh: `微信只访问 80 或 443 端口，实际为 ${url.port}`,
      },
      { en: 'Give the address of the tunnel or proxy in front', zh: '请给出前面的隧道或反向代理的地址' },
    );
  }
  if (url.pathname === '/') url.pathname = path;
  return url.href;
}

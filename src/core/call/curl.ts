/** A call as a line for a POSIX shell. Secrets are not in it: what stands there fetches them when the line runs. */
import { shellQuote } from '../text/shell-word.ts';
import { type CallRequest, secretMark } from './request.ts';

interface CurlOptions {
  /** As `parseApiBase` gives it. */
  readonly base: string;
  /** The command that prints the access token; none where the call takes none. */
  readonly tokenCommand: string | undefined;
  /** Whether it goes to a relay, which takes its key for the token and for the AppSecret. */
  readonly isRelayed?: boolean;
  readonly out: string | undefined;
}

/** Variables that the settings know, too. */
const [secretVariable, keyVariable] = ['"$WECHAT_MP_APPSECRET"', '"$WECHAT_MP_VIA_KEY"'];

/** `curl -sS 'https://…?access_token='"$(wechat-mp token)" …`, one argument a line. */
export function formatCurl({ method, path, query, body }: CallRequest, options: CurlOptions): string {
  const token = options.tokenCommand === undefined ? '' : `"$(${options.tokenCommand})"`;
  const search = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeValue(value)}`,
  );
  const parameters = [...search, ...(token === '' ? [] : ['access_token='])].join('&');
  const url = `${options.base}${path}${parameters === '' ? '' : `?${parameters}`}`;
  const lines = [
    ['curl', '-sS', ...(method === 'POST' ? ['-X', 'POST'] : []), quote(url) + token].join(' '),
    ...(options.isRelayed === true ? [`-H 'Authorization: Bearer '${keyVariable}`] : []),
    ...bodyLines(body),
    ...(options.out === undefined || options.out === '-' ? [] : [`-o ${quote(options.out)}`]),
  ];
  const line = lines.join(' \\\n  ');
  return options.isRelayed === true ? line.replaceAll(secretVariable, keyVariable) : line;
}

function encodeValue(value: string): string {
  return value.split(secretMark).map(encodeURIComponent).join(secretMark);
}

function bodyLines(body: CallRequest['body']): readonly string[] {
  if (body === undefined) return [];
  if (body.kind === 'form') {
    // In double quotes curl takes any file name; a text part is never read as `@file`.
    return body.parts.map(({ name, content }) =>
      typeof content === 'string'
        ? `--form-string ${quote(`${name}=${content}`)}`
        : `-F ${quote(`${name}=@"${content.path.replaceAll(/["\\]/g, String.raw`\$&`)}"`)}`,
    );
  }
  const type = body.kind === 'text' ? 'application/json' : 'application/octet-stream';
  const inline = body.kind === 'text' && !body.text.startsWith('@') ? body.text : '@-';
  const data = body.file === undefined ? inline : `@${body.file}`;
  return [`-H ${quote(`Content-Type: ${type}`)}`, `--data-binary ${quote(data)}`];
}

/** For a shell of POSIX: in single quotes nothing means anything but the next single quote. */
function quote(text: string): string {
  return text
    .split(secretMark)
    .map((part, index) => (part === '' && index > 0 ? '' : shellQuote(part)))
    .join(secretVariable);
}

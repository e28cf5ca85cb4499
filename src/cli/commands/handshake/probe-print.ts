/** What `handshake probe` prints: the checks, what was tried out, and what the console would say. */
import { excerpt, sanitiseLine } from '../../../core/text/sanitise.ts';
import type { Experiment, ProbeReport } from '../../../simulator/push/experiments.ts';
import type { ProbeCheck } from '../../../simulator/push/probe-check.ts';
import { checkLines } from '../../shared/check-lines.ts';
import type { Context } from '../../context.ts';
import { hang } from '../../frame/fold.ts';

/** Two lines on a terminal. */
const maxWords = 160;

export function printProbe(context: Context, { checks, experiments }: ProbeReport): number {
  const ok = checks.every(({ status }) => status !== 'fail');
  const said = ({ serverSaid }: ProbeCheck): string | undefined => {
    if (serverSaid === undefined) return undefined;
    // Secrets go before it is cut and after it is cleaned: in pieces they would not be found.
    const line = sanitiseLine(serverSaid).replaceAll(/\s+/g, ' ');
    return excerpt(context.redactor.redact(line), maxWords);
  };
  const printed = {
    ok,
    checks: checks.map((check) => ({
      name: check.name,
      status: check.status,
      cause: check.cause ?? null,
      message: context.redactor.redact(context.say(check.text)),
      hint: check.hint === undefined ? null : context.say(check.hint),
      http_status: check.httpStatus ?? null,
      ms: check.ms === undefined ? null : Math.round(check.ms),
      server_said: said(check) ?? null,
      framework: check.advice?.framework ?? null,
      code: check.advice?.lines ?? null,
    })),
    experiments: experiments.map(({ name, method, text, accepted, httpStatus, ms }) => ({
      name,
      method,
      message: context.say(text),
      accepted,
      http_status: httpStatus ?? null,
      ms: Math.round(ms),
    })),
  };
  const lines = checkLines(
    context,
    checks.map((check) => ({
      ...check,
      mark: check.cause,
      said: said(check),
      code: check.advice && { title: check.advice.framework, lines: check.advice.lines },
    })),
  );
  const tried = experimentLines(context, experiments);
  context.print(printed, [lines, ...tried, context.say(summary(checks, ok))].join('\n\n'));
  return ok ? 0 : 1;
}

/** What was sent besides the checks, all of it. */
function experimentLines(context: Context, experiments: readonly Experiment[]): readonly string[] {
  if (experiments.length === 0) return [];
  const count = experiments.length;
  const byMistake = experiments.some(({ method }) => method === 'GET');
  const head = {
    en: `Tried out with ${count} more ${count === 1 ? 'request' : 'requests'}, ${byMistake ? 'signed with a known mistake' : 'with another body'}:`,
    zh: `另发送 ${count} 个请求进行试探，${byMistake ? '各按一种已知错误签名' : '各换一种消息体'}：`,
  };
  const lines = experiments.flatMap(({ name, method, text, accepted, httpStatus }) =>
    hang({
      prefix: `${accepted ? '✓' : '✗'} ${method} `,
      text: `${name}, ${httpStatus ?? '–'}: ${context.say(text)}`,
    }),
  );
  return [[context.say(head), ...lines].join('\n')];
}

/** What the console would say, which is not all that was checked. */
function summary(checks: readonly ProbeCheck[], ok: boolean) {
  const handshake = checks.find(({ name }) => name === 'handshake');
  const accepted = handshake !== undefined && handshake.status !== 'fail';
  if (ok) return { en: 'WeChat would accept this server', zh: '微信会通过该服务器的验证' };
  if (!accepted)
    return {
      en: `WeChat would say: ${consoleWords(handshake)}`,
      zh: `微信后台会提示：${consoleWords(handshake)}`,
    };
  return {
    en: 'WeChat would accept the answer to the verification, but see what failed',
    zh: '验证请求的应答正确，但仍有检查未通过',
  };
}

/** The console's own words. */
function consoleWords(handshake: ProbeCheck | undefined): string {
  const unreached = handshake === undefined || handshake.httpStatus === undefined;
  return unreached ? '请求URL超时' : 'token验证失败';
}

/** What came back: JSON as it is, a file where it was asked for. */
import type { AnyAnswer } from '../../../api/any-call.ts';
import type { KnownCall } from '../../../core/catalogue/index.ts';
import { usageError } from '../../../core/errors.ts';
import { compactJson, indentJson } from '../../../core/call/index.ts';
import { sanitise } from '../../../core/text/sanitise.ts';
import type { Context } from '../../context.ts';
import { checkOutput, isStdout, writeOutput } from '../../files/output-file.ts';
import { escapeControls, formatJson } from '../../frame/output.ts';

interface Place {
  readonly out?: string | undefined;
  readonly force: boolean;
  readonly include?: boolean;
}

/** Before anything is sent: a file that cannot be written, bytes that a terminal cannot show. */
export async function checkAnswerPlace(
  context: Context,
  known: KnownCall | undefined,
  { out, force }: Place,
): Promise<void> {
  const isFile = known?.answers === 'file';
  if (out !== undefined) {
    await checkOutput(context, out, { force, picture: isFile, differs: () => true });
    return;
  }
  if (known?.name === 'qrcode.show' && context.options.json) throw wantsFile();
  if (isFile && known.name !== 'material.get' && context.io.terminal.stdoutIsTty) throw wantsFile();
}

function wantsFile(): Error {
  return usageError(
    'out_missing',
    { en: 'The answer of this call is a file', zh: '该接口返回文件' },
    { en: 'Add --out <file>', zh: '请加上 --out <文件>' },
  );
}

export async function printAnswer(
  context: Context,
  answer: AnyAnswer,
  known: KnownCall | undefined,
  place: Place,
): Promise<void> {
  if (answer.json !== undefined) {
    await printJson(context, answer, answer.json, known, place);
    return;
  }
  const isPage = known?.answers === 'page';
  if (place.out === undefined && isPage) {
    context.print(
      headOf(answer, Buffer.from(answer.bytes).toString('utf8')),
      Buffer.from(answer.bytes).toString('utf8'),
    );
    return;
  }
  if (place.out === undefined && (context.options.json || context.io.terminal.stdoutIsTty)) throw wantsFile();
  await save(context, answer, answer.bytes, { ...place, picture: true });
}

async function printJson(
  context: Context,
  answer: AnyAnswer,
  json: string,
  known: KnownCall | undefined,
  place: Place,
): Promise<void> {
  // A film, for example, is answered by its address: that is not the file that was wanted.
  const isOther = known?.answers === 'file' && place.out !== undefined;
  if (isOther)
    context.note({
      en: 'The answer is JSON and no file; nothing was written',
      zh: '应答是 JSON 而不是文件，未写入文件',
    });
  if (place.out !== undefined && !isOther && !isStdout(place.out)) {
    await save(context, answer, `${formatAnswer(context, json)}\n`, { ...place, picture: false });
    return;
  }
  writeJson(context, place.include === true ? withHead(context, answer, json) : formatAnswer(context, json));
}

/** The text itself: numbers of 64 bits would not survive being read. */
export function writeJson(context: Context, text: string): void {
  context.io.terminal.writeStdout(`${escapeControls(text)}\n`);
}

export function formatAnswer(context: Context, json: string): string {
  return context.options.json ? compactJson(json) : indentJson(json);
}

function withHead(context: Context, answer: AnyAnswer, json: string): string {
  const { status, headers } = answer;
  if (context.options.json)
    return `{"status":${status},"headers":${formatJson(headers)},"body":${compactJson(json)}}`;
  const lines = Object.entries(headers).map(([name, value]) => sanitise(`${name}: ${value}`));
  return [`HTTP ${status}`, ...lines, '', indentJson(json)].join('\n');
}

function headOf({ status, headers }: AnyAnswer, body: string): Readonly<Record<string, unknown>> {
  return { status, headers, body };
}

async function save(
  context: Context,
  { headers }: AnyAnswer,
  data: string | Uint8Array,
  { out = '-', force, picture }: Place & { readonly picture: boolean },
): Promise<void> {
  await writeOutput(context, out, data, { force, picture });
  if (isStdout(out)) return;
  const bytes = Buffer.byteLength(data);
  const type = headers['content-type'] ?? '';
  context.print(
    { file: out, bytes, content_type: type },
    { en: `${out}: ${bytes} bytes`, zh: `${out}：${bytes} 字节` },
  );
}

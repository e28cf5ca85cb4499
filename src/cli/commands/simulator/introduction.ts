/** How a simulator introduces itself: its page, what to set in another terminal, and the file that others find it by. */
import { localError, WechatMpError } from '../../../core/errors.ts';
import { formatVariable, type VariableFormat } from '../../shared/variable-line.ts';
import { simulatorVariables } from '../../../simulator/server/variables.ts';
import type { Simulator } from '../../../simulator/simulator.ts';
import type { Context } from '../../context.ts';
import { checkOutput, writeOutput, type OutputOptions } from '../../files/output-file.ts';
import { noPaint } from '../../frame/output.ts';
import { publishSimulator, recogniseSimulator } from '../../shared/running-simulator.ts';
import { listeningOn } from '../../shared/long-running.ts';
import { fileFormat, runningShell } from '../../shared/shell.ts';
import type { InterceptLine } from './intercept.ts';

export type ReadyLine = ReturnType<Simulator['ready']> & { readonly intercept?: InterceptLine };

/** The page, first of all; on a terminal with colour its address is a link. */
export function tellPage(context: Context, url: string): void {
  const isLink = context.io.terminal.stderrIsTty && context.paint !== noPaint;
  context.note(
    {
      en: `Open ${url} – a phone, every request, any API call`,
      zh: `请打开 ${url} – 模拟手机、全部请求记录、任意接口调试`,
    },
    (line) => (isLink ? line.replace(url, `\u001B]8;;${url}\u001B\\${url}\u001B]8;;\u001B\\`) : line),
  );
}

export async function openPage(context: Context, url: string): Promise<void> {
  const openInBrowser = await context.io.openPage();
  if (await openInBrowser(url)) return;
  context.warn({
    en: `Could not open a browser here; open it yourself: ${url}`,
    zh: `无法在此打开浏览器，请自行打开：${url}`,
  });
}

/** What stands on stdout: the address, and what to set, unless that is in a file. */
export function readyWords(context: Context, ready: ReadyLine, envFile: string | undefined): string {
  const address = listeningOn(context, ready.url);
  if (envFile !== undefined) return address;
  const tell = {
    en: 'In another terminal, add --profile simulator to a command, or set:',
    zh: '在另一个终端中，给命令加上 --profile simulator，或设置：',
  };
  const unchanged = {
    en: 'For a program that is led here unchanged, as long as this simulator runs, also:',
    zh: '若要让程序不做修改就连到此处，还需设置以下变量（仅在此模拟器运行期间有效）：',
  };
  const another = { en: 'For another account:', zh: '另一个账号：' };
  const shell = runningShell(context.environment, context.io.platform);
  const linesOf = (variables: Variables): readonly string[] =>
    variableLines(shell, variables).map((line) => `  ${line}`);
  const indented = (account: Partial<ReadyLine>): readonly string[] =>
    linesOf(simulatorVariables({ ...ready, ...account }));
  const { intercept } = ready;
  const led = intercept === undefined ? [] : [context.say(unchanged), ...linesOf(intercept.variables)];
  const further = (ready.accounts ?? [])
    .slice(1)
    .flatMap((account) => [context.say(another), ...indented(account)]);
  return [address, context.say(tell), ...indented({}), ...further, ...led].join('\n');
}

type Variables = Readonly<Record<string, string>>;

/** All that a program gets. */
export function variablesOf({ intercept, ...ready }: ReadyLine): Variables {
  return { ...simulatorVariables(ready), ...intercept?.variables };
}

function variableLines(format: VariableFormat, variables: Variables): readonly string[] {
  return Object.entries(variables).map(([name, text]) => formatVariable(format, name, text));
}

const envOptions: OutputOptions = {
  force: false,
  private: true,
  hint: { en: 'Choose another name for --write-env', zh: '请为 --write-env 换一个文件名' },
};

/** Refuses a file of somebody else before a port is opened. */
export async function checkEnvFile(context: Context, path: string | undefined): Promise<void> {
  if (path !== undefined) await checkOutput(context, path, { ...envOptions, differs: () => true });
}

/** It stays when the simulator ends: a program that reads it may start later than the next simulator. */
export async function writeEnvFile(
  context: Context,
  ready: ReadyLine,
  path: string | undefined,
): Promise<void> {
  if (path === undefined) return;
  await writeOutput(
    context,
    path,
    `${variableLines(fileFormat(path), variablesOf(ready)).join('\n')}\n`,
    envOptions,
  );
  context.note({
    en: `Wrote the variables to ${path}, readable by you alone; the file stays when the simulator ends`,
    zh: `已将变量写入 ${path}（仅本人可读）；模拟器结束后文件仍保留`,
  });
}

/** From here on `--profile simulator` finds it. Returns how to take that back. */
export function publish(context: Context, ready: ReadyLine): () => void {
  return publishSimulator(context.io, context.settings.stateDirectory, ready, (error) => {
    const why = error instanceof WechatMpError ? error.text : { en: String(error), zh: String(error) };
    context.verbose({
      en: `--profile simulator will not find this one: ${why.en}`,
      zh: `--profile simulator 无法找到此模拟器：${why.zh}`,
    });
  });
}

/** Says who has the port, where it is a simulator; the error as it is otherwise. */
export async function explainTaken(
  context: Context,
  error: unknown,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<unknown> {
  if (!(error instanceof WechatMpError) || error.type !== 'port_taken') return error;
  const reachable = host.includes(':') ? `[${host}]` : host;
  const url = `http://${host === '0.0.0.0' ? '127.0.0.1' : reachable}:${port}`;
  const found = await recogniseSimulator(context.io, context.settings.stateDirectory, url);
  if (found === undefined) return error;
  return localError(
    'port_taken',
    { en: `A simulator already runs at ${url}`, zh: `${url} 已有一个模拟器在运行` },
    found === 'listed'
      ? {
          en: `Open ${url}, use it with --profile simulator, or start another one: wechat-mp simulator --port 0`,
          zh: `可打开 ${url}，用 --profile simulator 使用它，或另启动一个：wechat-mp simulator --port 0`,
        }
      : {
          en: `Open ${url} and set the variables that it shows (--profile simulator does not find it from here), or start another one: wechat-mp simulator --port 0`,
          zh: `可打开 ${url} 并设置其中显示的变量（--profile simulator 在此找不到它），或另启动一个：wechat-mp simulator --port 0`,
        },
    { url },
  );
}

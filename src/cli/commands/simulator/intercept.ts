/** `simulator --intercept`: programs reach the simulator under the platform's real addresses. Loaded with the flag alone. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { InterceptOptions, Interception } from '../../../io/ports.ts';
import type { Simulator } from '../../../simulator/simulator.ts';
import type { Context } from '../../context.ts';
import { unwritable } from '../../files/output-file.ts';

/** What the ready line has of it. */
export type InterceptLine = Pick<Interception, 'proxy' | 'authority' | 'variables'>;

export interface OpenInterception extends Pick<Interception, 'close'> {
  readonly line: InterceptLine;
  /** For a command that has ended: what asked nothing here may have asked the real platform. */
  tellUnused(): void;
}

interface Answering {
  readonly answer: (request: Request) => Promise<Response>;
  readonly maxBodyBytes: number;
}

/** Opens the ways in. Throws a local error where the files cannot be written. */
export async function openInterception(
  context: Context,
  simulator: Simulator,
  { answer, maxBodyBytes }: Answering,
): Promise<OpenInterception> {
  const intercept = await context.io.intercept();
  let isUsed = false;
  simulator.subscribe(() => (isUsed = true));
  try {
    const interception = await intercept(answer, { ...talk(context), maxBodyBytes });
    const { proxy, authority, variables, left, close } = interception;
    for (const folder of left) {
      context.note({
        en: `Removed ${folder}, which a killed simulator had left`,
        zh: `已清除 ${folder}：由被强制结束的模拟器留下`,
      });
    }
    return {
      line: { proxy, authority, variables },
      close,
      tellUnused() {
        if (!isUsed && !context.io.interruption().aborted) context.warn(unused);
      },
    };
  } catch (error) {
    throw unwritable(context.io.files, path.join(tmpdir(), 'wechat-mp'), error);
  }
}

/** What is seen is said once for each host, however often a program tries. */
function talk(context: Context): Omit<InterceptOptions, 'maxBodyBytes'> {
  const told = new Set<string>();
  const once = (words: string, tell: () => void): void => {
    if (told.has(words)) return;
    told.add(words);
    tell();
  };
  return {
    environment: context.io.environment,
    nowMs: context.io.clock.now(),
    tell: (trouble) => once(trouble.en, () => context.warn(trouble)),
    passed: (host) => once(host, () => context.verbose({ en: `Passed on: ${host}`, zh: `已转发：${host}` })),
  };
}

const unused = {
  en: 'No call of the command came to the simulator: a program that takes no proxy from its environment asks the real platform, unless it is given WECHAT_MP_API_BASE',
  zh: '该命令没有任何请求到达模拟器：不从环境变量读取代理的程序会请求真实平台，除非改用 WECHAT_MP_API_BASE 的地址',
};

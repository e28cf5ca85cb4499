import type { ServerHandler } from '../../../io/ports.ts';
import type { Context } from '../../context.ts';
import type { Requests } from './requests.ts';

/** The port is open before what answers is loaded: the first request does that, and those beside it wait for it. */
export function openLater(context: Context, load: () => Promise<Requests>): Requests {
  let opened: Requests | undefined;
  let opening: Promise<Requests> | undefined;
  let isTold = false;
  const open = async (): Promise<Requests> => {
    try {
      return (opened = await load());
    } catch (error) {
      // The server says 500; the next request tries again. Why is said once.
      opening = undefined;
      if (!isTold) warn(context, error);
      isTold = true;
      throw error;
    }
  };
  const handler: ServerHandler = (request) =>
    opened === undefined
      ? (opening ??= open()).then((requests) => requests.handler(request))
      : opened.handler(request);
  return {
    handler,
    onRefused: (refused) =>
      // Where that fails, it has been said.
      void (opening ??= open()).then(
        (requests) => requests.onRefused(refused),
        () => {},
      ),
    flush: () => opened?.flush(),
  };
}

function warn(context: Context, error: unknown): void {
  const [why] = String(error).split('\n', 1);
  context.warn({
    en: `Cannot load what answers requests: ${why}. If the tool was updated or removed since the start, start serve again`,
    zh: `无法加载处理请求的代码：${why}。如果启动后更新或卸载过本工具，请重新启动 serve`,
  });
}

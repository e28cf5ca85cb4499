/** What it shows that a server refuses a message, and takes, or does not take, the same with another body. */
import type { ProbeCause } from './handshake-answer.ts';
import type { Text } from '../../text/text.ts';

export type BodyName = 'empty_body' | 'json_body' | 'xml_body';

/** The bodies that are tried, in words. `xml_body` is the message itself as application/xml. */
export const bodyNames: Readonly<Record<BodyName, Text>> = {
  empty_body: { en: 'no body', zh: '空消息体' },
  json_body: { en: 'the message as JSON', zh: 'JSON 格式的同一消息' },
  xml_body: { en: 'the message as application/xml', zh: '类型为 application/xml 的同一消息' },
};

export interface BodyTrial {
  readonly name: BodyName;
  readonly httpStatus: number | undefined;
  readonly accepted: boolean;
}

export interface BodyConclusion {
  readonly cause: ProbeCause;
  /** A clause that follows what was found before. */
  readonly text: Text;
  readonly hint: Text;
  /** Whether something read the body before the code that wants it. */
  readonly consumed: boolean;
}

/** No answer, or a status that names what is wrong with the body: that every body gets it tells nothing more. */
const speakForThemselves: ReadonlySet<number | undefined> = new Set([undefined, 413, 415]);

/** `refused` is what the message itself got, as text/xml. `undefined` where the trials do not tell. */
export function concludeBodies(
  refused: { readonly cause: ProbeCause; readonly httpStatus: number | undefined },
  trials: readonly BodyTrial[],
): BodyConclusion | undefined {
  const takes = (name: BodyName): boolean => trials.some((trial) => trial.name === name && trial.accepted);
  if (takes('xml_body')) return { cause: 'body_parser', ...typeMatters, consumed: true };
  if (takes('json_body')) return { cause: 'body_parser', ...jsonWanted, consumed: false };
  if (takes('empty_body')) {
    const cause = refused.cause === 'body_limit' ? 'body_limit' : 'body_parser';
    return { cause, ...bodyMatters(cause), consumed: false };
  }
  const alike = trials.every(({ httpStatus }) => httpStatus === refused.httpStatus);
  const tellsMore = !speakForThemselves.has(refused.httpStatus);
  if (trials.length < Object.keys(bodyNames).length || !alike || !tellsMore) return undefined;
  return { cause: refused.cause, ...allAlike(refused), consumed: false };
}

const typeMatters = {
  text: {
    en: 'the same as application/xml is taken, so that something in front reads text/xml',
    zh: '而类型为 application/xml 时被接受，说明前面有组件读取了 text/xml',
  },
  hint: {
    en: 'Put this route before the body parser that reads text/* (koa-body, express.text), or use what it has read',
    zh: '请把该路由放在读取 text/* 的解析中间件（koa-body、express.text）之前，或直接使用它读到的内容',
  },
};

const jsonWanted = {
  text: {
    en: 'the same as JSON is taken, so that it wants JSON, or fields that somebody parsed',
    zh: '而 JSON 格式的同一消息被接受，说明它需要 JSON 或已解析的字段',
  },
  hint: {
    en: 'Let the body through as raw text on this route, and parse the XML of WeChat there',
    zh: '请让该路由按原始文本接收消息体，再解析微信的 XML',
  },
};

function bodyMatters(cause: 'body_limit' | 'body_parser'): { readonly text: Text; readonly hint: Text } {
  return {
    text: {
      en: 'no body at all is taken, so that it is the body that is refused',
      zh: '而空消息体被接受，说明被拒绝的是消息体',
    },
    hint:
      cause === 'body_limit'
        ? {
            en: 'Raise the limit of the body: a message has up to some 10 KB (nginx: client_max_body_size)',
            zh: '请调大消息体上限：一条消息可达 10 KB 左右（nginx 为 client_max_body_size）',
          }
        : {
            en: 'Take out what parses or inspects bodies on this route, and read the XML as raw text',
            zh: '请在该路由上去掉解析或检查消息体的组件，按原始文本读取 XML',
          },
  };
}

function allAlike({ cause }: { readonly cause: ProbeCause }): { readonly text: Text; readonly hint: Text } {
  const text = {
    en: 'no body, JSON and application/xml get the same, so that it is not the form of the body',
    zh: '空消息体、JSON、application/xml 的结果都一样，说明与消息体的形式无关',
  };
  if (cause === 'forbidden') {
    return {
      text,
      hint: {
        en: 'The Token is right, as the GET passes: look for a CSRF check, a login check or a firewall on POST, or safe mode',
        zh: 'GET 已通过，令牌（Token）无误：请检查 POST 上的 CSRF 校验、登录校验、防火墙，或是否为安全模式',
      },
    };
  }
  return {
    text,
    hint: {
      en: 'Look at the log of the server: it fails, or wants a form (request.form, $_POST) where the body is raw XML',
      zh: '请查看服务器日志：代码出错，或在读取表单（request.form、$_POST），而消息体是原始 XML',
    },
  };
}

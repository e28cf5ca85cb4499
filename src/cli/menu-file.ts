/** Menu files: reading and checking them, before anything is sent. */
import { inputError, WechatMpError } from '../core/errors.ts';
import { toConditionalBodies, toMenuBody } from '../core/menu.ts';
import type { MenuProblem } from '../core/menu-problem.ts';
import { validateMenu } from '../core/menu-rules.ts';
import type { Context } from './context.ts';
import { readJsonInput } from './input-file.ts';

/** A menu has at most 3 × 6 buttons; a file beyond this is something else. */
const maxMenuBytes = 1 << 20;

/** The body to send. Every error of the file is printed on stderr and thrown as one; warnings are printed. */
export async function readMenuFile(context: Context, path: string): Promise<object> {
  const value = await readJsonInput(context, path, maxMenuBytes);
  if (toConditionalBodies(value).length > 0) throw hasConditional(path);
  const body = toMenuBody(value);
  const problems = validateMenu(body);
  const errors = problems.filter((problem) => problem.severity === 'error');
  for (const problem of problems) {
    if (problem.severity === 'warning') context.warn(problemLine(path, problem));
  }
  if (errors.length > 0) throw invalidMenu(path, errors);
  return body as object;
}

function problemLine(path: string, problem: MenuProblem): { readonly en: string; readonly zh: string } {
  const place = problem.path === '' ? '/' : problem.path;
  const rule = `[${problem.rule}]${problem.errcode === undefined ? '' : ` (${problem.errcode})`}`;
  return {
    en: `${path} ${place}: ${problem.text.en}  ${rule}`,
    zh: `${path} ${place}：${problem.text.zh}  ${rule}`,
  };
}

function invalidMenu(path: string, errors: readonly MenuProblem[]): WechatMpError {
  const [first] = errors;
  return new WechatMpError({
    family: 'input',
    type: 'menu_invalid',
    text: {
      en: `Cannot push "${path}": WeChat would refuse it, ${errors.length} ${errors.length === 1 ? 'error' : 'errors'}`,
      zh: `无法发布 "${path}"：微信会拒绝，共 ${errors.length} 处错误`,
    },
    details: errors.map((problem) => problemLine(path, problem)),
    hint: first?.hint ?? { en: 'Correct the file; nothing was sent', zh: '请修改文件；未发送任何请求' },
    facts: {
      file: path,
      problems: errors.map(({ rule, path: pointer, errcode, text }) => ({
        rule,
        path: pointer,
        errcode,
        message: text.en,
      })),
    },
  });
}

function hasConditional(path: string): WechatMpError {
  return inputError(
    'conditional_menus',
    {
      en: `Cannot push "${path}": it has conditional menus, which this version does not manage`,
      zh: `无法发布 "${path}"：文件包含个性化菜单，本版本尚不支持`,
    },
    { en: 'Take "conditional" out of the file', zh: '请从文件中去掉 "conditional"' },
  );
}

/** What `qr batch --dry-run` says. */
import { wireScene, wireUnknown, type QrEntry } from './manifest.ts';
import type { Context } from '../../../context.ts';
import type { QrPlan } from './plan.ts';
import type { QrRow } from './rows.ts';

/** What a run would do, one line for each row that is not done. */
export function printPlan(context: Context, rows: readonly QrRow[], plan: QrPlan): void {
  const lines = plan.tasks.map(({ row, entry }) => {
    const action = entry === undefined ? 'create' : 'image';
    context.event({
      type: 'plan',
      action,
      line: row.line,
      name: row.name,
      ...wireScene(row.scene),
      permanent: row.scene.permanent,
      file: row.file,
    });
    const words = actions[action];
    return context.say({ en: `${words.en}  ${row.file}`, zh: `${words.zh}  ${row.file}` });
  });
  for (const code of plan.unknown) context.event({ type: 'plan', action: 'unknown', ...wireUnknown(code) });
  for (const entry of plan.leftOver) context.event({ type: 'plan', action: 'left_over', ...describe(entry) });
  context.event({
    type: 'summary',
    dry_run: true,
    rows: rows.length,
    create: plan.tasks.filter(({ entry }) => entry === undefined).length,
    image: plan.tasks.filter(({ entry }) => entry !== undefined).length,
    valid: plan.kept.length,
    unknown: plan.unknown.length,
    left_over: plan.leftOver.length,
  });
  if (context.options.json) return;
  const left = plan.leftOver.map(({ file }) =>
    context.say({ en: `left over  ${file}`, zh: `多余  ${file}` }),
  );
  const unknown = plan.unknown.map(({ line, name }) =>
    context.say({
      en: `unknown, left alone  line ${line}, ${name}`,
      zh: `状态不明，不处理  第 ${line} 行 ${name}`,
    }),
  );
  const [more, zhMore] =
    unknown.length === 0 ? ['', ''] : [`, ${unknown.length} unknown`, `，状态不明 ${unknown.length} 个`];
  const total = context.say({
    en: `Would make ${plan.tasks.length} of ${rows.length} codes; ${plan.kept.length} are there${more}, ${plan.leftOver.length} left over`,
    zh: `将处理 ${rows.length} 个中的 ${plan.tasks.length} 个；已有 ${plan.kept.length} 个${zhMore}，多余 ${plan.leftOver.length} 个`,
  });
  context.print(undefined, [...lines, ...unknown, ...left, total].join('\n'));
}

const actions = {
  create: { en: 'create', zh: '创建' },
  image: { en: 'image only', zh: '仅下载图片' },
};

function describe({ name, scene, file, ticket }: QrEntry): Readonly<Record<string, unknown>> {
  return { name, ...wireScene(scene), permanent: scene.permanent, file, ticket };
}

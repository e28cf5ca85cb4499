/** `qr create`: a code with a scene, and its image (生成带参数的二维码). */
import type { Client } from '../../../api/client.ts';
import { type CreatedQrcode, createQrcode, fetchQrImage } from '../../../api/qrcode.ts';
import { inputError, usageError } from '../../../core/errors.ts';
import {
  maxExpireSeconds,
  maxTemporarySceneId,
  type QrScene,
  validateScene,
} from '../../../core/qrcode/index.ts';
import type { Context } from '../../context.ts';
import { checkOutput, isStdout, writeOutput } from '../../files/output-file.ts';
import { defineCommand, flag, type OptionValues, parsed, value } from '../../frame/command.ts';
import { parseDuration } from '../../frame/duration.ts';
import { excludes, unsuitable } from '../../frame/flag-errors.ts';
import { openClient } from '../../settings/platform.ts';
import { drawQr } from './drawing.ts';

const flags = {
  scene: parsed('--scene <n>', { en: 'A number as scene', zh: '数字场景值' }, parseSceneNumber),
  sceneStr: value('--scene-str <text>', {
    en: 'A text as scene, 1 to 64 characters',
    zh: '文本场景值，1 至 64 个字符',
  }),
  permanent: flag('--permanent', {
    en: 'For ever; an account has 100000 of them',
    zh: '永久二维码，每个账号上限 10 万个',
  }),
  expire: parsed(
    '--expire <duration>',
    { en: 'Life of a temporary code, 30d by default', zh: '临时二维码有效期，默认 30d' },
    parseDuration,
  ),
  out: value('--out <file>', {
    en: 'Download the JPEG image here, "-" for stdout',
    zh: '把 JPEG 图片下载到此，“-”表示 stdout',
  }),
  force: flag('--force', { en: 'Replace whatever file is there', zh: '无条件覆盖已有文件' }),
  dryRun: flag('--dry-run', { en: 'Check only, create nothing', zh: '仅检查，不创建' }),
};

type Flags = OptionValues<typeof flags>;

export const command = defineCommand({
  settings: ['account', 'token'],
  options: flags,
  examples: [
    {
      command: 'wechat-mp qr create --scene 123 --out qr.jpg',
      text: { en: 'For 30 days, with its image', zh: '30 天有效，并下载图片' },
    },
    {
      command: 'wechat-mp qr create --scene-str shop-7 --permanent --yes',
      text: { en: 'For ever', zh: '永久二维码' },
    },
  ],
  output: {
    en: 'The url that the code holds; on a terminal the code is drawn on stderr.\nJSON: {"ticket","url","scene_id"|"scene_str","permanent","expires_at","file","bytes"}',
    zh: '二维码内容的 url；在终端上会在 stderr 画出二维码。\nJSON：{"ticket","url","scene_id"|"scene_str","permanent","expires_at","file","bytes"}',
  },
  effect: 'remote',
  confirmation: { option: '--yes', when: { en: 'With --permanent', zh: '带 --permanent 时' } },
  async run(context, { options }) {
    const scene = readScene(options);
    const [problem] = validateScene(scene);
    if (problem !== undefined)
      throw inputError('scene_invalid', problem.text, problem.hint, { errcode: problem.errcode });
    if (options.out !== undefined)
      await checkOutput(context, options.out, { force: options.force, picture: true, differs: () => true });
    const named = typeof scene.scene === 'number' ? { scene_id: scene.scene } : { scene_str: scene.scene };
    if (options.dryRun) {
      context.print(
        { dry_run: true, ...named, permanent: scene.permanent },
        { en: 'Would create one QR code', zh: '将创建一个二维码' },
      );
      return;
    }
    if (scene.permanent) {
      await context.confirm({
        en: 'Create a permanent QR code? It can never be deleted.',
        zh: '创建永久二维码吗？创建后无法删除。',
      });
    }
    const client = await openClient(context);
    const created = await context.wait(
      { en: 'Creating the code', zh: '正在创建二维码' },
      createQrcode(client, scene),
    );
    const image =
      options.out === undefined ? undefined : await saveImage(context, client, created, options.out, options);
    await draw(context, created.url);
    if (options.out !== undefined && isStdout(options.out)) return;
    const expires =
      created.expiresInSeconds === undefined
        ? null
        : context.io.clock.now() + created.expiresInSeconds * 1000;
    context.print(
      {
        ticket: created.ticket,
        url: created.url,
        ...named,
        permanent: scene.permanent,
        expires_at: expires === null ? null : new Date(expires).toISOString(),
        file: options.out ?? null,
        bytes: image?.length ?? null,
      },
      created.url,
    );
  },
});

/** Returns the image. Where that fails the code exists all the same, and a permanent one for ever: its ticket is told. */
async function saveImage(
  context: Context,
  client: Client,
  { ticket, url }: CreatedQrcode,
  out: string,
  { force }: { readonly force: boolean },
): Promise<Uint8Array> {
  try {
    const image = await context.wait(
      { en: 'Downloading the image', zh: '正在下载图片' },
      fetchQrImage(client, ticket),
    );
    await writeOutput(context, out, image, { force, picture: true });
    return image;
  } catch (error) {
    context.warn({
      en: `The code was created, only its image is missing: ${url} (${ticket})`,
      zh: `二维码已创建，只是没有得到图片：${url}（${ticket}）`,
    });
    throw error;
  }
}

function readScene(options: Flags): QrScene {
  if ((options.scene === undefined) === (options.sceneStr === undefined)) {
    throw usageError(
      'scene_missing',
      {
        en: 'A code needs one scene: either --scene or --scene-str',
        zh: '二维码需要一个场景值：--scene 或 --scene-str 二选一',
      },
      { en: 'Use --scene 123 or --scene-str shop-7', zh: '例如 --scene 123 或 --scene-str shop-7' },
    );
  }
  const scene = options.scene ?? options.sceneStr ?? '';
  if (!options.permanent) {
    return { permanent: false, scene, expireSeconds: (options.expire ?? maxExpireSeconds * 1000) / 1000 };
  }
  if (options.expire === undefined) return { permanent: true, scene };
  throw excludes('--permanent', '--expire');
}

function parseSceneNumber(text: string, name: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const isText = { en: `For a text use --scene-str ${text}`, zh: `文本请用 --scene-str ${text}` };
  if (/^\d+$/.test(text)) {
    throw unsuitable(
      'scene_invalid',
      text,
      name,
      {
        en: `a scene number is at most ${maxTemporarySceneId}, this one has ${text.length} digits`,
        zh: `场景值最大为 ${maxTemporarySceneId}，而这里有 ${text.length} 位数字`,
      },
      isText,
    );
  }
  throw unsuitable(
    'scene_not_a_number',
    text,
    name,
    { en: 'it must be a whole number', zh: '应为整数' },
    isText,
  );
}

/** Draws the code on a terminal, so that it can be scanned at once. */
async function draw(context: Context, url: string): Promise<void> {
  const { terminal } = context.io;
  if (!terminal.stderrIsTty || context.options.json || context.options.quiet) return;
  await drawQr(context, url);
}

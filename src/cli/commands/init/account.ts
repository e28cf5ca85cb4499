/** Which account a project is for: one that this machine has, a new one, or the simulator. */
import { basename } from 'node:path';
import { type PlatformError, usageError, WechatMpError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { excludes } from '../../frame/flag-errors.ts';
import { isProfileName } from '../../shared/new-account/profile-name.ts';
import type { InitFlags } from './init.ts';
import { testAccountPage } from './texts.ts';

export interface ProjectAccount {
  readonly profile: string;
  readonly kind: 'add' | 'keep' | 'simulator';
  /** Saves what this machine lacks. Returns why the platform could not prove it, where it was saved all the same. */
  settle(): Promise<PlatformError | undefined>;
}

const nothingToDo = async (): Promise<undefined> => undefined;

/** Throws a usage error for flags that cannot be wanted together. */
export async function chooseAccount(
  context: Context,
  given: string | undefined,
  flags: InitFlags,
): Promise<ProjectAccount> {
  const { settings, options } = context;
  if (flags.simulator) {
    if (given !== undefined) throw excludes('--simulator', '<name>');
    if (flags.testAccount) throw excludes('--simulator', '--test-account');
    return { profile: 'simulator', kind: 'simulator', settle: nothingToDo };
  }
  const { profiles } = settings.profileFile;
  const profile =
    given ??
    options.profile ??
    settings.project?.profile ??
    (await askForProfile(context, flags)) ??
    folderName(context);
  const saved = profiles[profile];
  if (saved === undefined && profile === 'simulator')
    return { profile, kind: 'simulator', settle: nothingToDo };
  if (saved === undefined) {
    return { profile, kind: 'add', settle: async () => await addAccount(context, profile, flags) };
  }
  const appId = (await settings.appIdAt('flag'))?.value;
  if (appId !== undefined && appId !== saved.appid) throw isAnother(profile, saved.appid ?? '–');
  return { profile, kind: 'keep', settle: nothingToDo };
}

/** One that is saved, or none for a new one. */
async function askForProfile(context: Context, flags: InitFlags): Promise<string | undefined> {
  const { profiles } = context.settings.profileFile;
  const saved = Object.entries(profiles);
  const isNew = flags.dryRun || flags.testAccount || (await context.settings.appIdAt('flag')) !== undefined;
  if (saved.length === 0 || isNew || !context.interactive) return undefined;
  const prompter = await context.io.terminal.ask();
  const chosen = await prompter.choose(context.say({ en: 'For which account?', zh: '用于哪个公众号？' }), [
    ...saved.map(([name, { appid = '' }]) => ({ value: name, label: name, hint: appid })),
    {
      value: '',
      label: context.say({ en: 'Another one', zh: '另一个公众号' }),
      hint: context.say({ en: 'AppID and AppSecret', zh: 'AppID 和 AppSecret' }),
    },
  ]);
  return chosen === '' ? undefined : chosen;
}

function folderName({ io }: Context): string {
  const name = basename(io.directory)
    .replaceAll(/[^\w-]+/g, '-')
    .replaceAll(/^[-_]+|-+$/g, '');
  return isProfileName(name) ? name : 'default';
}

async function addAccount(
  context: Context,
  profile: string,
  flags: InitFlags,
): Promise<PlatformError | undefined> {
  if (flags.testAccount) {
    context.note({
      en: `The test account has its AppID and AppSecret on ${testAccountPage}`,
      zh: `测试号的 AppID 和 AppSecret 在此页面：${testAccountPage}`,
    });
    if (context.interactive) await (await context.io.openPage())(testAccountPage);
  }
  const { saveNewAccount } = await import('../../shared/new-account/new-account.ts');
  try {
    return (await saveNewAccount(context, profile, false)).unproved;
  } catch (error) {
    if (!(error instanceof WechatMpError) || error.type !== 'answer_missing') throw error;
    const { en = '', zh = '' } = error.hint ?? {};
    throw error.with({
      hint: {
        en: `${en}; without an account: wechat-mp init --simulator`,
        zh: `${zh}；没有公众号时：wechat-mp init --simulator`,
      },
    });
  }
}

function isAnother(profile: string, appId: string): Error {
  return usageError(
    'profile_exists',
    {
      en: `Profile "${profile}" is there already, for another account (${appId})`,
      zh: `配置档案 "${profile}" 已存在，属于另一个公众号（${appId}）`,
    },
    { en: 'Choose another name: wechat-mp init <name>', zh: '请换一个名称：wechat-mp init <名称>' },
  );
}

/** The questions about a new account: each answer is checked while its question stands, and nothing typed is lost. */
import {
  type CredentialKind,
  describeOddSecret,
  parseAppId,
  parseCallbackToken,
  parseEncodingAESKey,
  readCredential,
} from '../../../core/account/index.ts';
import { inputError, WechatMpError } from '../../../core/errors.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Prompter } from '../../../io/ports.ts';
import type { Context } from '../../context.ts';
import type { Settings } from '../../settings/settings.ts';

/** What is asked for a profile; a token by hand is none of it. */
type Question = Exclude<CredentialKind, 'accessToken' | 'ticket' | 'viaKey'>;

export class Questions {
  readonly #context: Context;
  readonly #settings: Settings;
  readonly #prompter: Prompter;

  constructor(context: Context, settings: Settings, prompter: Prompter) {
    this.#context = context;
    this.#settings = settings;
    this.#prompter = prompter;
  }

  async appId(): Promise<string> {
    const answer = await this.#prompter.text('AppID', (text) => this.#check('appid', text, false));
    return parseAppId(await this.#read('appid', answer));
  }

  /** One that no console makes may still be right: it is asked about, not refused. */
  async secret(): Promise<string> {
    for (;;) {
      const answer = await this.#prompter.secret('AppSecret', (text) => this.#check('secret', text, false));
      const secret = await this.#read('secret', answer);
      this.#context.redactor.add(secret);
      const odd = describeOddSecret(secret, 'typed');
      if (odd === undefined) return secret;
      this.#context.warn(odd);
      const question = this.#context.say({ en: 'Use it all the same?', zh: '仍然使用它吗？' });
      if (await this.#prompter.confirm(question, yesOrNo(this.#context))) return secret;
    }
  }

  async callbackToken(): Promise<string | undefined> {
    const question = { en: 'Callback Token (Enter: none)', zh: '令牌 Token（回车跳过）' };
    const answer = await this.#optional('callbackToken', question);
    return answer === '' ? undefined : parseCallbackToken(answer);
  }

  async encodingAESKey(): Promise<string | undefined> {
    const question = { en: 'EncodingAESKey (Enter: none)', zh: 'EncodingAESKey（回车跳过）' };
    const answer = await this.#optional('aesKey', question);
    return answer === '' ? undefined : parseEncodingAESKey(answer);
  }

  async #optional(kind: Question, question: Text): Promise<string> {
    const answer = await this.#prompter.secret(this.#context.say(question), (text) =>
      this.#check(kind, text, true),
    );
    return await this.#read(kind, answer);
  }

  async #read(kind: Question, answer: string): Promise<string> {
    return await this.#settings.readPasted(kind, answer, this.#context.say(theAnswer));
  }

  #check(kind: Question, answer: string, optional: boolean): string | undefined {
    try {
      const { value } = readCredential(kind, answer, this.#context.say(theAnswer));
      if (!optional || value !== '') parsers[kind](value);
      return undefined;
    } catch (error) {
      return error instanceof WechatMpError ? this.#context.say(error.text) : String(error);
    }
  }
}

/** Whether the values of variables are taken; `false` asks for each. */
export async function takesVariables(
  context: Context,
  prompter: Prompter,
  names: readonly string[],
): Promise<boolean> {
  const list = names.join(', ');
  context.note({ en: `Set in the environment: ${list}`, zh: `环境变量中已设置：${list}` });
  const chosen = await prompter.choose(
    context.say({ en: 'Whose values go into the profile?', zh: '配置档案使用哪里的值？' }),
    [
      {
        value: 'environment',
        label: context.say({ en: 'Those of the environment', zh: '环境变量中的值' }),
        hint: list,
      },
      {
        value: 'typed',
        label: context.say({ en: 'Others, which I type', zh: '另行输入' }),
        hint: context.say({ en: 'the variables stay as they are', zh: '环境变量保持不变' }),
      },
    ],
  );
  return chosen === 'environment';
}

function yesOrNo(context: Context): { readonly yes: string; readonly no: string } {
  return { yes: context.say({ en: 'Yes', zh: '是' }), no: context.say({ en: 'No', zh: '否' }) };
}

const theAnswer: Text = { en: 'the answer', zh: '输入内容' };

const parsers: Readonly<Record<Question, (text: string) => string>> = {
  appid: parseAppId,
  secret(text) {
    if (text !== '') return text;
    throw inputError('secret_empty', { en: 'An AppSecret is needed', zh: '必须填写 AppSecret' });
  },
  callbackToken: parseCallbackToken,
  aesKey: parseEncodingAESKey,
};

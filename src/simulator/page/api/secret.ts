/** The AppSecret of the account for calls of the form; it is read when such a call is sent and shown nowhere. */
import { chosenAccount, readControl } from '../control.ts';
import { secretPlaceholder } from './prefill.ts';

interface AccountSecrets {
  readonly appid: string;
  readonly secret: string;
}

/** The text with the AppSecret in the place of what stands for it. */
export async function readSecret(text: string): Promise<string> {
  if (!text.includes(secretPlaceholder)) return text;
  const accounts = await readControl<readonly AccountSecrets[]>('accounts?secrets=show');
  const account = accounts.find(({ appid }) => appid === chosenAccount) ?? accounts[0];
  return account === undefined ? text : text.replaceAll(secretPlaceholder, account.secret);
}

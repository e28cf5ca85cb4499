/** Which address a page may have signed, and what the simulator says to each. */
import type { Text } from '../../../core/text/text.ts';
import type { JssdkVerdict } from '../../control/types/index.ts';
import { failureText, postControl } from '../control.ts';
import type { ConfigCalled } from './protocol.ts';

export interface Judgement {
  readonly config: Readonly<Record<string, unknown>>;
  /** The address that it was judged for. */
  readonly url: string;
  readonly verdict: JssdkVerdict | null;
  /** Why there is no verdict. */
  readonly failure: Text | null;
}

/**
 * A page in the check has two addresses: the one in its frame, which `location.href` says, and its own, which its server
 * knows. A signature for either is right; of two refusals the one that names a mistake tells more.
 */
export async function judgePage({ config, url }: ConfigCalled, address: string): Promise<Judgement> {
  const own = `${new URL(address).origin}${url.slice(new URL(url).origin.length)}`;
  const forFrame = await judgeFor(config, url);
  if (forFrame.verdict?.ok === true) return forFrame;
  const forOwn = await judgeFor(config, own);
  if (forOwn.verdict?.ok === true || forOwn.verdict?.mistake !== null) return forOwn;
  return forFrame.verdict?.mistake === null ? forOwn : forFrame;
}

async function judgeFor(config: Readonly<Record<string, unknown>>, url: string): Promise<Judgement> {
  const { appId, timestamp, nonceStr, signature } = config;
  try {
    const call = { appId, timestamp, nonceStr, signature, url };
    return { config, url, verdict: await postControl<JssdkVerdict>('jssdk', call), failure: null };
  } catch (error) {
    return { config, url, verdict: null, failure: failureText(error) };
  }
}

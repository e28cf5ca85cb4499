/** Why a signature for `wx.config` is wrong: the known mistakes are made, also two at once, until they give it. */
import { jssdkMistakeWords } from './jssdk-mistake-words.ts';
import {
  formatShownText,
  formatText,
  isMilliseconds,
  jssdkMistakes,
  rightText,
  type JssdkCase,
} from './jssdk-mistakes.ts';
import { diagnose, type SignatureDiagnosis } from './mistake-search.ts';

/** Characters. Hashing a longer URL for every two mistakes would take seconds. */
const longUrl = 4096;

/**
 * Checks a signature and names what is wrong with it（JS-SDK 使用权限签名算法）. Some hundred thousand texts are tried, far
 * too few for a match by chance.
 */
export function diagnoseJssdk(input: JssdkCase, signature: string): SignatureDiagnosis {
  const found = diagnose(
    {
      right: rightText(input),
      makers: jssdkMistakes(input),
      most: input.url.length > longUrl ? 1 : 2,
      format: formatText,
      formatShown: formatShownText,
      words: jssdkMistakeWords,
    },
    signature,
  );
  const known = found.mistakes.some(({ name }) => name === 'timestamp_milliseconds');
  if (found.signed === undefined || known || !isMilliseconds(input.timestamp)) return found;
  // Seconds were signed, and milliseconds are handed to wx.config.
  const [text, fix] = jssdkMistakeWords.timestamp_milliseconds;
  return {
    ...found,
    ok: false,
    mistakes: [...found.mistakes, { name: 'timestamp_milliseconds', text, fix }],
  };
}

/** A situation of somebody's own, in a file: what is wrong with it is told with its place there. */
import { type ErrorDescription, inputError, WechatMpError } from '../../../core/errors.ts';
import { readCallList } from '../../../core/catalogue/index.ts';
import { pointer } from '../../../core/menu/index.ts';
import { isObject } from '../../../core/text/json-value.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import { parseScenario, type Scenario } from '../../../simulator/account/scenario.ts';
import { checkQuotaPaths } from '../../../simulator/account/settings.ts';
import type { Context } from '../../context.ts';
import { type JsonTree, parseJsonTree, type Place, refuseJsonInText } from '../../files/json-file.ts';
import { readTextInput } from '../../files/text-input.ts';
import { closestTo } from '../../frame/suggest.ts';

/** Throws an input error that names the file. */
export async function readScenarioFile(context: Context, file: string): Promise<Scenario> {
  const tree = parseJsonTree(await readTextInput(context, file, readLimits.text), file);
  refuseJsonInText(tree.value, file);
  const [twice] = tree.repeatedKeys;
  if (twice !== undefined) {
    const { name, place } = twice;
    const text = { en: `"${name}" is here twice`, zh: `“${name}”重复出现` };
    throw wrongInFile(file, { type: 'invalid_scenario', text }, place);
  }
  try {
    const scenario = parseScenario(withoutSchema(tree.value));
    await checkQuotaPaths(scenario.settings);
    return scenario;
  } catch (error) {
    throw error instanceof WechatMpError ? await inFile(file, tree, error) : error;
  }
}

/** That is for editors. */
function withoutSchema(file: unknown): unknown {
  if (!isObject(file)) return file;
  const { $schema: _, ...content } = file;
  return content;
}

async function inFile(file: string, tree: JsonTree, error: WechatMpError): Promise<Error> {
  const { place, quota } = error.facts;
  if (typeof quota === 'string') {
    const paths = (await readCallList()).map(({ path }) => path);
    const at = tree.placeOf(pointer('/settings/quotas', quota), 'key');
    return wrongInFile(file, error, at, closestTo(quota, paths));
  }
  return wrongInFile(file, error, typeof place === 'string' ? tree.placeOf(pointerOf(place)) : undefined);
}

/** Of a place such as `articles[1].comments[0]`. */
function pointerOf(place: string): string {
  return `/${place.replaceAll(/\[(\d+)\]/g, '/$1').replaceAll('.', '/')}`;
}

/** `close` is what was probably meant. */
function wrongInFile(
  file: string,
  { type, text: { en, zh }, hint }: Pick<ErrorDescription, 'type' | 'text' | 'hint'>,
  place?: Place,
  close?: string,
): Error {
  const at = place === undefined ? file : `${file}:${place.line}:${place.column}`;
  const [meant, zhMeant] = close === undefined ? ['', ''] : [`; "${close}" is close`, `；也许是“${close}”`];
  return inputError(
    type,
    { en: `Cannot use "${file}": ${en}${meant}`, zh: `无法使用 "${file}"：${zh}${zhMeant}` },
    hint ?? { en: `Correct ${at}`, zh: `请修改 ${at}` },
    { file, ...place },
  );
}

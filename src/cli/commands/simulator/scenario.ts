/** The situation that `simulator --scenario` names. */
import { inputError, usageError, WechatMpError } from '../../../core/errors.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import { parseScenario, type Scenario } from '../../../simulator/account/scenario.ts';
import { scenarioNames, scenarios } from '../../../simulator/account/scenarios.ts';
import type { Context } from '../../context.ts';
import { readTextInput } from '../../files/input-file.ts';
import { parseJsonTree } from '../../files/json-tree.ts';
import { closestTo } from '../../frame/suggest.ts';

/** A shipped situation by its name, or one in a file. Throws for a name that is neither. */
export async function readScenario(
  context: Context,
  name: string | undefined,
): Promise<Scenario | undefined> {
  if (name === undefined) return undefined;
  const shipped = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
  if (shipped !== undefined) return parseScenario(shipped.scenario);
  if (!/[./\\]/.test(name)) throw unknownScenario(name);
  const { value } = parseJsonTree(await readTextInput(context, name, readLimits.text), name);
  try {
    return parseScenario(value);
  } catch (error) {
    throw error instanceof WechatMpError ? inFile(name, error) : error;
  }
}

function inFile(name: string, { type, text, hint }: WechatMpError): Error {
  return inputError(
    type,
    { en: `Cannot use "${name}": ${text.en}`, zh: `无法使用 "${name}"：${text.zh}` },
    hint ?? { en: `Correct ${name}`, zh: `请修改 ${name}` },
    { file: name },
  );
}

function unknownScenario(name: string): Error {
  const suggestion = closestTo(name, scenarioNames);
  const list = scenarioNames.join(', ');
  return usageError(
    'scenario_unknown',
    { en: `There is no scenario "${name}"`, zh: `没有名为“${name}”的场景` },
    suggestion === undefined
      ? {
          en: `Use one of ${list}, or a file such as ./bad-day.json`,
          zh: `可用：${scenarioNames.join('、')}，或文件，例如 ./bad-day.json`,
        }
      : { en: `Did you mean: --scenario ${suggestion}`, zh: `是不是想用：--scenario ${suggestion}` },
  );
}

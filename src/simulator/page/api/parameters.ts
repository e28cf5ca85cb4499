/** What the parameters of the calls mean, in the words of the official pages. */
import type { Text } from '../../../core/text/text.ts';
import table from './parameters.json' with { type: 'json' };

const parameters: Readonly<Record<string, Text>> = table;

/** One sentence on a parameter, where its name says the same thing in every call. */
export function explainParameter(name: string): Text | undefined {
  return Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}

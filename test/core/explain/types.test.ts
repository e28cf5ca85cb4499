import { describe, expect, test } from 'vitest';
import { exitCodes, exitCodesOfTypes } from '../../../src/cli/frame/exit.ts';
import { readAllCodes } from '../../../src/core/errcode/codes.ts';
import { explain } from '../../../src/core/explain/explain.ts';
import { stepsOf } from '../../../src/core/explain/steps.ts';
import { types } from '../../../src/core/explain/types.json' with { type: 'json' };
import { findErrorTypes } from './error-types.ts';

const found = findErrorTypes();
const { helps } = await readAllCodes();
const ofCodes = new Set(Object.values(helps).map(({ type }) => type));

describe('every error type that the sources can make', () => {
  test('is explained in types.json, or is the name of a return code', () => {
    expect(found.types.size).toBeGreaterThan(180);
    const unexplained = [...found.types].filter(
      ([type]) => !Object.hasOwn(types, type) && !ofCodes.has(type),
    );
    expect(unexplained).toEqual([]);
  });

  test('is written out but where an error is told once more, or comes from a table', () => {
    // An error is copied, or put into a file and taken out again; or its type is one of the steps of a decryption, of
    // the table of return codes, of the failures of `io/net/texts.ts` or of the signals.
    expect(found.hidden).toEqual([
      'api/client.ts',
      'api/platform-error.ts',
      'api/relay/texts.ts',
      'api/repeat.ts',
      'cli/commands/crypto/decrypt.ts',
      'cli/commands/serve/rules-file.ts',
      'cli/commands/simulator/scenario-file.ts',
      'core/errcode/describe.ts',
      'core/errors.ts',
      'core/token/setback.ts',
      'io/interruption.ts',
      'io/net/fetch-errors.ts',
      'server/callback-decision.ts',
    ]);
  });

  test('of a message that cannot be opened is that of the sample code', async () => {
    const steps = ['signature', 'xml', 'key', 'encrypt', 'decrypt', 'buffer', 'base64'];
    expect(steps.filter((step) => !ofCodes.has(`${step}_invalid`))).toEqual([]);
  });

  test('is all that types.json explains', () => {
    expect(Object.keys(types).filter((type) => !found.types.has(type) && type !== 'bug')).toEqual([]);
  });
});

describe('types.json', () => {
  test.each(Object.entries(types))(
    'explains %s in both languages, in the grammar of messages',
    async (type, help) => {
      expect(Object.keys(exitCodes)).toContain(help.family);
      const explained = await explain({ kind: 'error_type', code: type });
      const texts = [help.name, ...('causes' in help ? help.causes : []), ...help.fixes];
      expect(help.fixes.length).toBeGreaterThan(0);
      for (const { en, zh } of texts) {
        expect(en).not.toBe('');
        expect(zh).toMatch(/\p{Script=Han}/u);
        expect(`${en}\n${zh}`).not.toMatch(/[.。](?:\n|$)/);
        expect(en).not.toMatch(/n't|'re|'ll|it's/);
      }
      for (const { en, zh } of [...(explained?.fixes ?? []), ...(explained?.causes ?? [])])
        expect(`${en}${zh}`).not.toMatch(/\{(?:place|ip)/);
    },
  );

  test('has a reason for each command that it or a return code names', () => {
    const named = [...Object.values(types), ...Object.values(helps)].flatMap((help) =>
      'next' in help && help.next !== undefined ? help.next : [],
    );
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((command) => stepsOf([command]).length === 0)).toEqual([]);
  });

  test('knows the types that have an exit code of their own', () => {
    for (const type of exitCodesOfTypes.keys()) expect(types).toHaveProperty(type);
  });
});

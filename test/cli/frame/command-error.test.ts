import { describe, expect, test } from 'vitest';
import { scanArguments } from '../../../src/cli/frame/arguments.ts';
import { commandError } from '../../../src/cli/frame/command-error.ts';

describe('commandError()', () => {
  const errorOf = (...words: readonly string[]) => {
    const { type, text, hint } = commandError(scanArguments(words));
    return { type, en: text.en, zh: text.zh, hint: hint?.en };
  };

  test('names the close command at each depth', () => {
    expect(errorOf('tokn')).toEqual({
      type: 'command_unknown',
      en: 'There is no command "tokn"',
      zh: '没有 "tokn" 这个命令',
      hint: 'Did you mean: wechat-mp token',
    });
    expect(errorOf('menu', 'psuh').hint).toBe('Did you mean: wechat-mp menu push');
  });

  test('proposes nothing for a word that is far from all', () => {
    expect(errorOf('deploy-everything').hint).toBe('Run: wechat-mp --help');
    expect(errorOf('menu', 'x').hint).toBe('Run: wechat-mp menu --help');
  });

  test('says of a command to run that it stands behind dashes', () => {
    const words = ['simulator', 'curl', 'http://127.0.0.1'];
    expect(errorOf(...words)).toMatchObject({
      type: 'command_unknown',
      en: 'There is no command "simulator curl"',
      hint: 'A command to run stands after --: wechat-mp simulator -- curl',
    });
    expect(commandError(scanArguments(words)).hint?.zh).toBe(
      '要运行的命令应写在 -- 之后：wechat-mp simulator -- curl',
    );
    expect(errorOf('simulator', 'wiat').hint).toBe('Did you mean: wechat-mp simulator wait');
  });

  test('names the verbs of a group', () => {
    expect(errorOf('profile', '--json')).toEqual({
      type: 'command_missing',
      en: 'Command "profile" needs one of: add, list, use, show, remove',
      zh: '"profile" 后面要跟一个子命令：add, list, use, show, remove',
      hint: 'Run: wechat-mp profile --help',
    });
  });

  test('does not repeat what stands behind a flag that is no global one', () => {
    const secret = 'c4f1e09b7a2d4c6e8f0a1b2c3d4e5f60';
    for (const flag of [
      '--secret',
      '--app-secret',
      '--appSecret',
      '--access_token',
      '--TOKEN',
      '--aes-key',
    ]) {
      const error = commandError(scanArguments([flag, secret, 'token']));
      expect({ type: error.type, leaked: JSON.stringify(error).includes(secret) }).toEqual({
        type: 'secret_on_command_line',
        leaked: false,
      });
    }
    const error = commandError(scanArguments(['--format', secret, 'token']));
    expect([error.type, error.text.en]).toEqual([
      'option_misplaced',
      'Option --format cannot stand before a command',
    ]);
  });
});

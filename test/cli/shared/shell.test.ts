import { describe, expect, test } from 'vitest';
import { fileFormat, runningShell } from '../../../src/cli/shared/shell.ts';

const windowsModules =
  'C:\\Program Files\\WindowsPowerShell\\Modules;C:\\WINDOWS\\system32\\WindowsPowerShell\\v1.0\\Modules';
const comSpec = 'C:\\WINDOWS\\system32\\cmd.exe';

describe('runningShell()', () => {
  test.each([
    ['linux', {}, 'shell'],
    ['linux', { SHELL: '/bin/bash' }, 'shell'],
    ['darwin', { SHELL: '/bin/zsh' }, 'shell'],
    ['linux', { SHELL: '/usr/bin/fish' }, 'fish'],
    ['linux', { SHELL: '/home/fish/bin/bash' }, 'shell'],
    ['linux', { SHELL: '/usr/bin/pwsh' }, 'powershell'],
    ['linux', { SHELL: '/bin/bash', PSModulePath: '/usr/share/powershell' }, 'powershell'],
    ['win32', { ComSpec: comSpec, PSModulePath: windowsModules }, 'cmd'],
    ['win32', { ComSpec: comSpec, PSModulePath: `${windowsModules};` }, 'cmd'],
    ['win32', { ComSpec: comSpec, PSModulePath: `C:\\Users\\me\\Modules;${windowsModules}` }, 'powershell'],
    ['win32', {}, 'powershell'],
    ['win32', { ComSpec: comSpec, SHELL: '/usr/bin/bash', PSModulePath: windowsModules }, 'shell'],
    ['win32', { ComSpec: comSpec, SHELL: 'C:\\Program Files\\Git\\bin\\bash.exe' }, 'shell'],
  ])('on %s with %j is %s', (platform, environment, shell) => {
    expect(runningShell(environment, platform)).toBe(shell);
  });
});

test.each([
  ['.env', 'dotenv'],
  ['sim.env', 'dotenv'],
  ['variables', 'dotenv'],
  ['a.ps1/variables', 'dotenv'],
  ['sim.sh', 'shell'],
  ['sim.fish', 'fish'],
  ['sim.PS1', 'powershell'],
  ['sim.bat', 'cmd'],
])('fileFormat() of %s is %s', (path, format) => {
  expect(fileFormat(path)).toBe(format);
});

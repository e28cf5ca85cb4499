/** Which shell will read a line that we print, as far as the environment tells. */
import type { VariableFormat } from './variable-line.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A shell that exports is the answer where nothing is known. */
export function runningShell(environment: Environment, platform: string): VariableFormat {
  const { SHELL: shell = '', PSModulePath: modules = '' } = environment;
  const name = /([^/\\]*?)(?:\.exe)?$/i.exec(shell)?.[1] ?? '';
  if (platform !== 'win32') {
    if (name === 'fish') return 'fish';
    // Only PowerShell sets it here; SHELL stays that of the login.
    return modules !== '' || name === 'pwsh' ? 'powershell' : 'shell';
  }
  // Git Bash, MSYS2 and Cygwin.
  if (/^(?:ba|z|da|)sh$/.test(name) && name !== '') return 'shell';
  // Windows itself sets two folders for every program; PowerShell adds those of its user when it starts.
  const isPowerShell = modules.split(';').filter((folder) => folder !== '').length > 2;
  return isPowerShell || !environment['ComSpec'] ? 'powershell' : 'cmd';
}

/** What a file of this name is read by: `.env` and what looks like it, unless its ending says otherwise. */
export function fileFormat(path: string): VariableFormat {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return endings.get(ending) ?? 'dotenv';
}

const endings: ReadonlyMap<string, VariableFormat> = new Map([
  ['sh', 'shell'],
  ['bash', 'shell'],
  ['zsh', 'shell'],
  ['fish', 'fish'],
  ['ps1', 'powershell'],
  ['cmd', 'cmd'],
  ['bat', 'cmd'],
]);

/** One line that sets a variable, quoted so that its reader gets back exactly the value, and runs nothing of it. */
import { usageError } from '../../core/errors.ts';
import { shellQuote } from '../../core/text/shell-word.ts';
import type { Text } from '../../core/text/text.ts';

export type VariableFormat = 'shell' | 'fish' | 'powershell' | 'cmd' | 'dotenv';

/**
 * The line for a value of printable ASCII. Throws a usage error (`format_cannot_hold`) where no spelling of the value
 * would survive the reader; the value itself is not quoted there.
 */
export function formatVariable(format: VariableFormat, name: string, value: string): string {
  switch (format) {
    case 'shell':
      return `export ${name}=${shellQuote(value)}`;
    case 'fish':
      return `set -gx ${name} '${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
    case 'powershell':
      return `$env:${name} = '${value.replaceAll("'", "''")}'`;
    case 'cmd':
      return `set "${name}=${cmdValue(value)}"`;
    case 'dotenv':
      return `${name}=${dotenvValue(value)}`;
  }
}

/**
 * For cmd.exe. Between quotes it leaves `&`, `|`, `<`, `>` and `^` alone.
 * Quirk: nothing escapes the others: a batch file halves `%%`, a prompt and `for /f` keep both; `!` is taken away
 * where delayed expansion is on; a quote ends the quotes, and what follows it may be a command.
 */
function cmdValue(value: string): string {
  const found = /["%!]/.exec(value);
  if (found !== null) throw cannotHold('cmd', found[0]);
  return value;
}

/**
 * For readers of .env files, and for shells that source one. Each of them takes single quotes literally, and none has
 * an escape for a single quote in them. In double quotes only what no reader would touch may stand.
 */
function dotenvValue(value: string): string {
  if (/^[\w.:/@%+,=-]*$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  if (!/["$`\\]/.test(value)) return `"${value}"`;
  throw cannotHold('dotenv', "'");
}

function cannotHold(format: VariableFormat, character: string): Error {
  return usageError(
    'format_cannot_hold',
    {
      en: `Cannot write the value with --format ${format}: it holds ${character}, which no spelling brings through its readers`,
      zh: `无法用 --format ${format} 输出该值：其中的 ${character} 在此格式中无法正确表示`,
    },
    { en: 'Use --format json', zh: '请改用 --format json' },
  );
}

/** Why a variable of this name must not hold a value that came from elsewhere; `undefined` where it may. */
export function variableRisk(name: string): Text | undefined {
  const upper = name.toUpperCase();
  const reserved = RESERVED.has(upper) || RESERVED_FAMILIES.test(upper);
  return reserved
    ? {
        en: 'shells and programs take code, files or addresses from it',
        zh: '外壳和程序会据此加载代码、查找文件或决定访问地址',
      }
    : undefined;
}

/** Compared in capitals: on Windows the names of variables have no case. */
const RESERVED = new Set(
  `_ ALL_PROXY APPDATA BASHOPTS BASH_ENV BROWSER CDPATH CLASSPATH COMSPEC CURL_CA_BUNDLE CURL_HOME DOCKER_HOST
  DOTNET_STARTUP_HOOKS EDITOR ENV EUID FPATH FTP_PROXY GCONV_PATH GLOBIGNORE HOME HOSTALIASES HTTPS_PROXY HTTP_PROXY
  IFS INPUTRC JAVA_HOME JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS KUBECONFIG LANG LANGUAGE LESSCLOSE LESSOPEN LOCALAPPDATA
  LOCPATH LOGNAME MAKEFLAGS MANPAGER MAVEN_OPTS NETRC NLSPATH NODE_DEBUG NODE_ENV NODE_EXTRA_CA_CERTS NODE_OPTIONS
  NODE_PATH NODE_REPL_EXTERNAL_MODULE NODE_TLS_REJECT_UNAUTHORIZED NODE_V8_COVERAGE NO_PROXY OLDPWD OPENSSL_CONF
  OPENSSL_ENGINES OPENSSL_MODULES PAGER PATH PATHEXT PERL5DB PERL5LIB PERL5OPT PERLLIB PHPRC PHP_INI_SCAN_DIR PPID
  PROMPT_COMMAND PS0 PS1 PS2 PS3 PS4 PSMODULEPATH PWD REQUESTS_CA_BUNDLE RESOLV_HOST_CONF RUBYLIB RUBYOPT SHELL
  SHELLOPTS SSL_CERT_DIR SSL_CERT_FILE SYSTEMROOT TEMP TERM TERMCAP TERMINFO TMP TMPDIR TZ UID USER USERPROFILE VISUAL
  WINDIR ZDOTDIR _JAVA_OPTIONS`.split(/\s+/),
);
const RESERVED_FAMILIES =
  /^(?:LD_|DYLD_|LC_|XDG_|BASH_FUNC_|CORECLR_|COR_|NPM_CONFIG_|PYTHON[A-Z]+$|GIT_(?!.*TOKEN$)|SSH_|GITHUB_(?!.*TOKEN$)|RUNNER_)/;

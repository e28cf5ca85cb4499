/** What leads other people's programs here: the variables of their environment, and the files that these name. */
import { isPlatformHost, platformDomain } from './certificates.ts';
import { javaPassword, type Environment } from './trust.ts';

/** Where things are. */
export interface Place {
  /** `http://127.0.0.1:41234`. */
  readonly proxy: string;
  readonly platform: string;
  /** The path of a file in the folder of this run. */
  readonly file: (name: string) => string;
}

/** Files in the folder of a run, by what they are for. */
export const fileNames = {
  authority: 'ca.pem',
  all: 'all-authorities.pem',
  node: 'node-authorities.pem',
  deno: 'deno-authorities.pem',
  java: 'java-authorities.jks',
  preload: 'node.cjs',
  wget: 'wgetrc',
  phpFolder: 'php',
  phpIni: 'php/intercept.ini',
  phpPrepend: 'php/prepend.php',
} as const;

/**
 * The variables for a program, made from those that the user has: what can be added to is added to.
 *
 * NODE_USE_ENV_PROXY stays as it is: the preload leads every Node here, and with it Node 22 warns on stderr.
 */
export function interceptVariables(environment: Environment, place: Place): Readonly<Record<string, string>> {
  const { proxy, file } = place;
  const all = file(fileNames.all);
  return {
    ...bothCases('https_proxy', proxy),
    // Ruby takes this one for https as well.
    ...bothCases('http_proxy', proxy),
    ...bothCases('no_proxy', noProxyOf(environment)),
    // Emptied, which means not set: our own proxy knows it.
    ...(environment['ALL_PROXY'] && { ALL_PROXY: '' }),
    ...(environment['all_proxy'] && { all_proxy: '' }),
    SSL_CERT_FILE: all,
    CURL_CA_BUNDLE: all,
    REQUESTS_CA_BUNDLE: all,
    GIT_SSL_CAINFO: all,
    DENO_CERT: file(fileNames.deno),
    NODE_EXTRA_CA_CERTS: file(fileNames.node),
    NODE_OPTIONS: joined(environment['NODE_OPTIONS'], `--require ${nodeWord(file(fileNames.preload))}`),
    PHP_INI_SCAN_DIR: phpFolders(environment['PHP_INI_SCAN_DIR'], place),
    WGETRC: file(fileNames.wget),
    JAVA_TOOL_OPTIONS: joined(environment['JAVA_TOOL_OPTIONS'], javaOptions(environment, place)),
  };
}

function bothCases(name: string, value: string): Readonly<Record<string, string>> {
  return { [name.toUpperCase()]: value, [name]: value };
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

function noProxyOf({ no_proxy: small, NO_PROXY: capital }: Environment): string {
  return withoutPlatform(small ?? capital ?? '');
}

/** The user's list without what exempts the platform, for programs differ in what they make of dots and stars. */
export function withoutPlatform(list: string): string {
  const entries = list.split(/[\s,]+/).filter((entry) => {
    const name = entry
      .toLowerCase()
      .replace(/:\d+$/, '')
      .replace(/^[*.]+/, '');
    return entry !== '' && !isPlatformHost(name) && !`.${platformDomain}`.endsWith(name);
  });
  return [...new Set([...entries, 'localhost', '127.0.0.1', '::1'])].join(',');
}

/** In double quotes a backslash escapes what follows it, outside it does not. */
function nodeWord(path: string): string {
  return /\s/.test(path) ? `"${path.replaceAll('\\', String.raw`\\`)}"` : path;
}

/** An empty element is PHP's own folder; an empty variable is none. */
function phpFolders(before: string | undefined, { platform, file }: Place): string {
  const folder = file(fileNames.phpFolder);
  if (before === '') return folder;
  return `${before ?? ''}${platform === 'win32' ? ';' : ':'}${folder}`;
}

function javaOptions(environment: Environment, { proxy, file }: Place): string {
  const { hostname, port } = new URL(proxy);
  const trust = file(fileNames.java);
  const mayExempt = environment['JAVA_TOOL_OPTIONS']?.includes('nonProxyHosts') === true;
  return joined(
    `-Dhttps.proxyHost=${hostname} -Dhttps.proxyPort=${port}`,
    mayExempt ? '-Dhttp.nonProxyHosts=localhost|127.*|[::1]' : '',
    `-Djavax.net.ssl.trustStore=${/\s/.test(trust) ? `"${trust}"` : trust}`,
    `-Djavax.net.ssl.trustStoreType=JKS -Djavax.net.ssl.trustStorePassword=${javaPassword}`,
  );
}

/** For wget, which takes its authorities from its file alone; `own` is the user's. What stands last counts. */
export function wgetFile(own: string, { proxy, file }: Place, environment: Environment): string {
  const lines = [
    `ca_certificate = ${file(fileNames.all)}`,
    'use_proxy = on',
    `https_proxy = ${proxy}/`,
    `http_proxy = ${proxy}/`,
    `no_proxy = ${noProxyOf(environment)}`,
  ];
  return [own.trimEnd(), ...lines, ''].join('\n').trimStart();
}

/** For PHP: its curl takes authorities from here, and its streams need a script to learn of a proxy. */
export function phpIni({ file }: Place): string {
  return `curl.cainfo="${file(fileNames.all)}"
openssl.cafile="${file(fileNames.all)}"
auto_prepend_file="${file(fileNames.phpPrepend)}"
`;
}

/** Runs before each script; then the script that the user's own settings put there. */
export function phpPrepend({ proxy }: Place): string {
  return `<?php
stream_context_set_default(['http' => ['proxy' => 'tcp://${new URL(proxy).host}']]);
(static function (): void {
  $files = array_map('trim', explode(',', php_ini_loaded_file() . ',' . php_ini_scanned_files()));
  $GLOBALS['__wechat_mp_own'] = '';
  foreach ($files as $file) {
    if ($file === '' || dirname($file) === __DIR__) continue;
    $settings = @parse_ini_file($file, false, INI_SCANNER_RAW) ?: [];
    if (isset($settings['auto_prepend_file'])) $GLOBALS['__wechat_mp_own'] = trim($settings['auto_prepend_file'], '"');
  }
})();
if ($__wechat_mp_own !== '' && $__wechat_mp_own !== 'none') require $__wechat_mp_own;
unset($__wechat_mp_own);
`;
}

/**
 * For Node: one function is changed, through which every connection passes, of whichever library, in CommonJS, ES modules
 * and workers. TLS still asks for the host by its own name, because a copy of the options is changed.
 */
export function nodePreload(port: number): string {
  return `'use strict';
// Leads connections to the hosts of *.${platformDomain} to the simulator on this machine, and touches nothing else.
const { Socket } = require('node:net');
const isPlatform = (host) => typeof host === 'string' && ${isPlatformForm}.test(host);
const lead = (options) => {
  if (options === null || typeof options !== 'object' || options.path || !isPlatform(options.host)) return options;
  const { family, hints, lookup, localAddress, localPort, autoSelectFamily, ...others } = options;
  return { ...others, host: '127.0.0.1', port: ${port} };
};
const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...words) {
  const [first, second] = words;
  // As \`net.connect\` hands it on: a list whose first element has the options.
  if (Array.isArray(first)) first[0] = lead(first[0]);
  else if (typeof first === 'object') words[0] = lead(first);
  else if (isPlatform(second)) [words[0], words[1]] = [${port}, '127.0.0.1'];
  return connect.apply(this, words);
};
`;
}

const isPlatformForm = String.raw`/^(?:.+\.)?weixin\.qq\.com\.?$/i`;

import { describe, expect, test } from 'vitest';
import {
  interceptVariables,
  phpIni,
  type Place,
  wgetFile,
  withoutPlatform,
} from '../../../src/io/intercept/variables.ts';

const placeIn = (folder: string, platform = 'linux'): Place => ({
  proxy: 'http://127.0.0.1:4321',
  platform,
  file: (name) => `${folder}/${name}`,
});
const place = placeIn('/tmp/run');

describe('the variables of a program', () => {
  test('name the proxy in both cases, and the files of the run', () => {
    expect(interceptVariables({}, place)).toEqual({
      HTTPS_PROXY: 'http://127.0.0.1:4321',
      https_proxy: 'http://127.0.0.1:4321',
      HTTP_PROXY: 'http://127.0.0.1:4321',
      http_proxy: 'http://127.0.0.1:4321',
      NO_PROXY: 'localhost,127.0.0.1,::1',
      no_proxy: 'localhost,127.0.0.1,::1',
      SSL_CERT_FILE: '/tmp/run/all-authorities.pem',
      CURL_CA_BUNDLE: '/tmp/run/all-authorities.pem',
      REQUESTS_CA_BUNDLE: '/tmp/run/all-authorities.pem',
      GIT_SSL_CAINFO: '/tmp/run/all-authorities.pem',
      DENO_CERT: '/tmp/run/deno-authorities.pem',
      NODE_EXTRA_CA_CERTS: '/tmp/run/node-authorities.pem',
      NODE_OPTIONS: '--require /tmp/run/node.cjs',
      PHP_INI_SCAN_DIR: ':/tmp/run/php',
      WGETRC: '/tmp/run/wgetrc',
      JAVA_TOOL_OPTIONS:
        '-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=4321 -Djavax.net.ssl.trustStore=/tmp/run/java-authorities.jks -Djavax.net.ssl.trustStoreType=JKS -Djavax.net.ssl.trustStorePassword=changeit',
    });
  });

  test('add to what the user has, and empty ALL_PROXY, which would win in some programs', () => {
    const variables = interceptVariables(
      {
        NODE_OPTIONS: '--max-old-space-size=512',
        PHP_INI_SCAN_DIR: '/etc/php/mine',
        JAVA_TOOL_OPTIONS: '-Xmx64m -Dhttp.nonProxyHosts=*.qq.com',
        ALL_PROXY: 'socks5://proxy.example:1080',
        NODE_USE_ENV_PROXY: '1',
      },
      place,
    );
    expect(variables['NODE_OPTIONS']).toBe('--max-old-space-size=512 --require /tmp/run/node.cjs');
    expect(variables['PHP_INI_SCAN_DIR']).toBe('/etc/php/mine:/tmp/run/php');
    expect(variables['JAVA_TOOL_OPTIONS']).toMatch(
      /^-Xmx64m -Dhttp\.nonProxyHosts=\*\.qq\.com -Dhttps\.proxyHost=127\.0\.0\.1 .*-Dhttp\.nonProxyHosts=localhost\|127\.\*\|\[::1\] /,
    );
    expect(variables['ALL_PROXY']).toBe('');
    expect(variables).not.toHaveProperty('all_proxy');
    expect(variables).not.toHaveProperty('NODE_USE_ENV_PROXY');
  });

  test('quote a folder with blanks as each reader wants it', () => {
    const variables = interceptVariables({}, placeIn(String.raw`C:\Users\Li Lei`, 'win32'));
    expect(variables['NODE_OPTIONS']).toBe(String.raw`--require "C:\\Users\\Li Lei/node.cjs"`);
    expect(variables['JAVA_TOOL_OPTIONS']).toContain(
      String.raw`trustStore="C:\Users\Li Lei/java-authorities.jks" `,
    );
    expect(variables['PHP_INI_SCAN_DIR']).toBe(String.raw`;C:\Users\Li Lei/php`);
  });

  test('leave PHP without a folder of its own where the user took that away', () => {
    expect(interceptVariables({ PHP_INI_SCAN_DIR: '' }, place)['PHP_INI_SCAN_DIR']).toBe('/tmp/run/php');
  });
});

const loopback = 'localhost,127.0.0.1,::1';
test.each([
  ['', loopback],
  ['*', loopback],
  ['*.corp.example, 10.0.0.0/8 intranet', `*.corp.example,10.0.0.0/8,intranet,${loopback}`],
  ['.weixin.qq.com,qq.com,.com,api.weixin.qq.com:443,*.qq.com', loopback],
  ['myqq.com,weixin.qq.com.example,aqq.com', `myqq.com,weixin.qq.com.example,aqq.com,${loopback}`],
  ['localhost,::1', 'localhost,::1,127.0.0.1'],
])('a NO_PROXY of %j keeps what does not exempt the platform', (list, expected) => {
  expect(withoutPlatform(list)).toBe(expected);
});

test('the file for wget begins with the user’s own, and its last lines win', () => {
  expect(wgetFile('tries = 3\nca_certificate = /mine.pem\n', place, { NO_PROXY: 'intranet,qq.com' })).toBe(
    `tries = 3
ca_certificate = /mine.pem
ca_certificate = /tmp/run/all-authorities.pem
use_proxy = on
https_proxy = http://127.0.0.1:4321/
http_proxy = http://127.0.0.1:4321/
no_proxy = intranet,${loopback}
`,
  );
});

test('the settings for PHP name the authorities twice and the script', () => {
  expect(phpIni(place)).toBe(
    'curl.cainfo="/tmp/run/all-authorities.pem"\nopenssl.cafile="/tmp/run/all-authorities.pem"\nauto_prepend_file="/tmp/run/php/prepend.php"\n',
  );
});

/** Leads other people's programs, unchanged, from the platform's real addresses to a function of this process. */
import { readFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { createFetchServer } from '../net/listen-fetch.ts';
import type { Intercept, Interception } from '../ports.ts';
import { createAuthority } from './certificates.ts';
import { createRunFolder, sweepRunFolders } from './folder.ts';
import { createPlatformServer } from './platform-server.ts';
import { createProxyServer } from './proxy-server.ts';
import { allAuthorities, type Environment, formatJavaTrust, withAuthority } from './trust.ts';
import {
  fileNames,
  interceptVariables,
  nodePreload,
  phpIni,
  phpPrepend,
  type Place,
  wgetFile,
} from './variables.ts';

export const intercept: Intercept = async (handler, options) => {
  const { environment, maxBodyBytes, nowMs, tell, passed } = options;
  let isOpen = true;
  const authority = createAuthority(nowMs);
  const answers = createFetchServer(handler, maxBodyBytes, () => isOpen);
  const platform = createPlatformServer(authority, answers, tell);
  const servers = [platform.server, createProxyServer({ platform, answers, environment, passed })] as const;
  const end = endingOf(servers);
  const left = sweepRunFolders(tmpdir());
  const folder = createRunFolder(tmpdir());
  const close = (): void => {
    isOpen = false;
    folder.remove();
    end();
  };
  try {
    const [platformPort, proxyPort] = [await listen(servers[0]), await listen(servers[1])];
    const place: Place = {
      proxy: `http://127.0.0.1:${proxyPort}`,
      platform: process.platform,
      file: (name) => path.join(folder.path, ...name.split('/')),
    };
    const contents = contentsOf(place, platformPort, authority.certificate, { environment, nowMs });
    for (const [name, content] of Object.entries(contents)) folder.write(name, content);
    return {
      proxy: place.proxy,
      authority: place.file(fileNames.authority),
      variables: interceptVariables(environment, place),
      left,
      close,
    } satisfies Interception;
  } catch (error) {
    close();
    throw error;
  }
};

/** Ends the servers and every connection that they have. */
function endingOf(servers: readonly Server[]): () => void {
  const sockets = new Set<Socket>();
  for (const server of servers) {
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
  }
  return () => {
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
  };
}

/** On loopback, whatever the simulator's own host is; resolves with the port. */
function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    // Stays attached: an error after the start, such as too many open files, must not end the process.
    server.on('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** The files of the folder by their names. */
function contentsOf(
  place: Place,
  platformPort: number,
  authority: string,
  { environment, nowMs }: { readonly environment: Environment; readonly nowMs: number },
): Readonly<Record<string, string | Uint8Array>> {
  const all = allAuthorities(authority, environment);
  return {
    [fileNames.authority]: authority,
    [fileNames.all]: all,
    [fileNames.node]: withAuthority(authority, environment['NODE_EXTRA_CA_CERTS']),
    [fileNames.deno]: withAuthority(authority, environment['DENO_CERT']),
    [fileNames.java]: formatJavaTrust(all, nowMs),
    [fileNames.preload]: nodePreload(platformPort),
    [fileNames.wget]: wgetFile(usersWgetFile(environment), place, environment),
    [fileNames.phpIni]: phpIni(place),
    [fileNames.phpPrepend]: phpPrepend(place),
  };
}

function usersWgetFile({ WGETRC: named, HOME: home = homedir() }: Environment): string {
  try {
    return readFileSync(named || path.join(home, '.wgetrc'), 'utf8');
  } catch {
    return '';
  }
}

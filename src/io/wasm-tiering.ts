import { setFlagsFromString } from 'node:v8';

/**
 * Stops Node 20 from recompiling undici's HTTP parser (WebAssembly) with the optimising compiler. The parser is already
 * fast enough for our small answers, but the end of the process waits for that compilation: 90 ms of every command.
 * Must run before the first connection. Newer versions of Node do not wait, and pay for a changed flag.
 */
export function keepParserUnoptimised(nodeVersion: string): void {
  if (nodeVersion.startsWith('20.')) setFlagsFromString('--wasm-tiering-budget=1000000000');
}

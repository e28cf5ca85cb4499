/** Rewrites one file for ever, each time with a text that tells whether it is whole. */
import { createHash } from 'node:crypto';
import { createFiles } from '../../../src/io/files/files.ts';
import { settings } from './common.ts';

const files = createFiles();
process.stdout.write('ready\n');
for (let round = 0; ; round += 1) {
  const body = `${process.pid} ${round} `.repeat(1 + Math.floor(Math.random() * 400));
  files.write(String(settings['path']), `${createHash('sha256').update(body).digest('hex')}${body}`);
}

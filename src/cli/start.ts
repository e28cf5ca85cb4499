/** Builds the real world and runs the command line. */
import { createNodeIo } from '../io/node.ts';
import { main, reportBug } from './main.ts';

const io = createNodeIo();

// An error that no promise carries, such as one of a socket that nobody listens to.
process.on('uncaughtException', (error) => process.exit(reportBug(error, io)));

// Everything is written synchronously, so nothing is lost by leaving at once; idle connections need no goodbye.
void main(process.argv.slice(2), io).then((code) => process.exit(code));

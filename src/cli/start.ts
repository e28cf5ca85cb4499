/** Builds the real world and runs the command line. */
import { createNodeIo } from '../io/node.ts';
import { main } from './main.ts';

// Everything is written synchronously, so nothing is lost by leaving at once; idle connections need no goodbye.
void main(process.argv.slice(2), createNodeIo()).then((code) => process.exit(code));

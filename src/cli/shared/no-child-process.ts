/**
 * What commander gets for `node:child_process` in the built tool. It wants the module for commands that are separate
 * executables, which this tool does not have, and loading it would cost 3 ms of every start.
 * Our own code imports `child_process` without the prefix and gets the real one.
 */
function spawn(): never {
  throw new TypeError('commands are modules here, not executables');
}
export default { spawn };

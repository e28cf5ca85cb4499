/** Says commands to people as they started this one: what follows `Run:` can be copied, also where it was npx. */
import type { Io } from '../../io/ports.ts';
import { entries } from '../commands/index.ts';

/**
 * The same world, whose stderr names commands as this one was started. `--json` must not get it: what programs read is
 * the same however they started it.
 */
export function speakAsStarted(io: Io): Io {
  const command = startedAs(io);
  if (command === 'wechat-mp') return io;
  const names = entries().map(({ name }) => name);
  // A command, and not this tool by its name: "another wechat-mp (process 12)".
  const named = new RegExp(String.raw`(?<![\w./@-]|npx )wechat-mp(?= (?:(?:${names.join('|')})\b|<))`, 'g');
  const { terminal } = io;
  return {
    ...io,
    terminal: {
      ...terminal,
      writeStderr: (text) => terminal.writeStderr(text.replace(named, () => command)),
    },
  };
}

/** A command line of ours as it can be run: what a program reads in `next`. */
export function commandAsStarted(command: string, io: Pick<Io, 'program' | 'environment'>): string {
  return command.replace(/(?<=^|-- )wechat-mp(?= )/g, () => startedAs(io));
}

/** `wechat-mp`, `npx wechat-mp`, and both by the other name. */
export function startedAs({ program, environment }: Pick<Io, 'program' | 'environment'>): string {
  const byNpx = environment['npm_command'] === 'exec' && environment['npm_lifecycle_event'] === 'npx';
  // What npx was asked for: a program that it started may have started this one.
  const asked = /^["']?(wechat-mp(?:-cli)?)["']?(?:\s|$)/.exec(
    environment['npm_lifecycle_script'] ?? '',
  )?.[1];
  if (byNpx && asked !== undefined) return `npx ${asked}`;
  return /(?:^|[/\\])wechat-mp-cli$/.test(program) ? 'wechat-mp-cli' : 'wechat-mp';
}

/** Opens a page in the browser of whoever sits at this machine. */
import { spawn } from 'child_process';

/** Some openers stay for as long as the browser does, so after this time it counts as opened, in milliseconds. */
const patienceMs = 2000;

/** Whether a browser was found. Never rejects. */
export async function openPage(url: string): Promise<boolean> {
  for (const command of openers()) {
    if (await start([...command, url])) return true;
  }
  return false;
}

function openers(): readonly (readonly string[])[] {
  if (process.platform === 'darwin') return [['open']];
  // The first word in quotes would be the title of a window.
  if (process.platform === 'win32') return [['cmd', '/d', '/c', 'start', '']];
  return [['xdg-open'], ['wslview']];
}

function start([program = '', ...words]: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: 'ignore', detached: true, windowsHide: true });
    const timer = setTimeout(() => resolve(true), patienceMs);
    const settle = (opened: boolean): void => {
      clearTimeout(timer);
      resolve(opened);
    };
    child.once('error', () => settle(false));
    child.once('exit', (code) => settle(code === 0));
    // The browser outlives this process.
    child.unref();
  });
}

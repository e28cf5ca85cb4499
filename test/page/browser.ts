/** Drives the page of a running simulator in the Chromium of this machine. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { onTestFinished, test, type TestContext } from 'vitest';
import { startCallbackServer, callbackToken, type Answering } from '../helpers/callback-server.ts';
import { startSimulator, type RunningSimulator } from '../helpers/command.ts';
import { needs } from '../e2e/project.ts';

/** A browser that has not done it by then never will; two cores may be shared with other tests. */
const patienceMs = 15_000;

export const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;

export interface OpenOptions {
  readonly language?: 'en' | 'zh';
  readonly size?: keyof typeof sizes;
  readonly dark?: boolean;
  /** Where the browser is: `Asia/Shanghai`. */
  readonly timezone?: string;
  /** The panel that is opened by the address; `null` leaves the choice to the page. */
  readonly panel?: string | null;
  /** The test stops the simulator: a connection that breaks is no fault of the page. */
  readonly breaks?: boolean;
}

let browser: Promise<Browser> | undefined;

/** To start a browser costs as much as several tests in it: it ends with the worker, after all its files. */
// oxlint-disable-next-line no-empty-pattern -- Vitest reads in the pattern what a fixture needs.
const inWorker = test.extend('close', { scope: 'worker' }, async ({}, { onCleanup }) => {
  const close = async (): Promise<void> => (await browser)?.close();
  onCleanup(close);
  return close;
});

/** To be called once in every file that opens pages. */
export function closeBrowserAfterwards(): void {
  // To ask for it is enough: it is closed when the worker ends.
  inWorker.beforeAll(({ close }) => void close);
}

/** Leaves the test out where there is no Chromium. */
export function needsChromium(context: TestContext): void {
  needs(context, findChromium() !== undefined, 'Chromium is not installed');
}

function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The page of the simulator, with everything read. */
export async function openPage(url: string, options: OpenOptions = {}): Promise<Page> {
  const page = await newPage(options);
  const { panel = options.size === 'phone' ? 'phone' : 'requests' } = options;
  await page.goto(panel === null || url.includes('#') ? url : `${url}/#${panel}`);
  await page.getByText(options.language === 'zh' ? '实时' : 'Live', { exact: true }).waitFor();
  const hasPhone = options.size !== 'phone' || panel === 'phone';
  if (hasPhone) await page.locator('#person option').first().waitFor({ state: 'attached' });
  return page;
}

/** The same in its first moment: what it asks under `/_ctl/` by these names is not answered before the release. */
export async function openUnread(
  url: string,
  ...names: readonly string[]
): Promise<{ readonly page: Page; readonly release: () => void }> {
  const page = await newPage({});
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  for (const name of names) {
    await page.route(`**/_ctl/${name}*`, async (route) => {
      await released;
      await route.continue();
    });
  }
  await page.goto(url);
  await page.getByText('Live', { exact: true }).waitFor();
  return { page, release };
}

/** Windows of earlier tests by language and time zone: to open one costs as much as all that most tests do in it. */
const idle = new Map<string, Page[]>();

async function openWindow(language: string, timezone: string | undefined): Promise<Page> {
  const executablePath = findChromium();
  browser ??= chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ['--no-sandbox'],
  });
  const context = await (
    await browser
  ).newContext({
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    ...(timezone !== undefined && { timezoneId: timezone }),
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  return await context.newPage();
}

/** Leaves nothing of a test behind in its window. */
async function clean(page: Page): Promise<void> {
  page.removeAllListeners();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  for (const other of page.context().pages()) if (other !== page) await other.close();
  // A page of nobody's has no storage.
  await page.evaluate(() => [localStorage, sessionStorage].forEach((kept) => kept.clear())).catch(() => {});
  await page.goto('about:blank');
  await page.mouse.move(0, 0);
}

/** A page that fails the test when it writes an error to the console, or asks anybody but this machine. */
async function newPage({
  language = 'en',
  size = 'desktop',
  dark = false,
  breaks = false,
  timezone,
}: OpenOptions): Promise<Page> {
  const kind = `${language} ${timezone}`;
  const others = idle.get(kind) ?? [];
  idle.set(kind, others);
  const page = others.pop() ?? (await openWindow(language, timezone));
  await page.setViewportSize(sizes[size]);
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
  page.setDefaultTimeout(patienceMs);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    // A refusal of the simulator that the page tells is no fault of the page.
    const isRefusal = /status of 4\d\d/.test(message.text()) && message.location().url.includes('/_ctl/');
    const isBreak = breaks && message.text().includes('net::ERR_');
    if (message.type() === 'error' && !isRefusal && !isBreak) problems.push(message.text());
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    const isHere = ['127.0.0.1', 'localhost', 'jssdk.localhost'].includes(hostname);
    if (protocol.startsWith('http') && !isHere) problems.push(`asked ${request.url()}`);
  });
  onTestFinished(async () => {
    await clean(page);
    others.push(page);
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });
  return page;
}

export interface ConfiguredSimulator extends RunningSimulator {
  /** Pushes that reached the developer's server, oldest first. */
  readonly pushed: () => readonly string[];
}

/** A simulator that pushes to a server which answers as the function says. */
export async function startConfigured(
  answer: Answering = (_request, response) => response.end('success'),
  mode: 'plain' | 'safe' = 'plain',
  words: readonly string[] = [],
): Promise<ConfiguredSimulator> {
  const server = await startCallbackServer(answer);
  const simulator = await startSimulator(words);
  await simulator.control('callback', { url: server.url, token: callbackToken, mode, check: false });
  return {
    ...simulator,
    pushed: () => server.requests.filter(({ method }) => method === 'POST').map(({ body }) => body),
  };
}

/** Waits for something outside the page, without a fixed time. */
export async function until<T>(
  read: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`never became true: ${read.toString()}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

/** 2 × 2 pixels, as a PNG. */
export const redPicture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==',
  'base64',
);

/** A passive reply to the sender of a push. */
export function replyTo(push: string, type: string, fields: string): string {
  const tag = (name: string): string =>
    new RegExp(`<${name}><!\\[CDATA\\[([^\\]]*)\\]\\]></${name}>`).exec(push)?.[1] ?? '';
  return `<xml><ToUserName><![CDATA[${tag('FromUserName')}]]></ToUserName><FromUserName><![CDATA[${tag('ToUserName')}]]></FromUserName><CreateTime>1</CreateTime><MsgType><![CDATA[${type}]]></MsgType>${fields}</xml>`;
}

export function textReply(push: string, text: string): string {
  return replyTo(push, 'text', `<Content><![CDATA[${text}]]></Content>`);
}

/** The person begins to follow. */
export async function follow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Follow', exact: true }).click();
  await page.getByRole('button', { name: 'Unfollow' }).waitFor();
}

/** Writes a message on the phone. */
export async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

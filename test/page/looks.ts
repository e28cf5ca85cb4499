/** What can be said of a page by looking at it. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Texts that leave their box, and boxes that leave the window. */
export function findCutTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push('the window scrolls sideways');
    // It is as high as the window: what is below could be scrolled to and not back.
    if (document.documentElement.scrollHeight > innerHeight) found.push('the window scrolls');
    for (const element of document.querySelectorAll<HTMLElement>(
      'button, label, h1, h2, h3, p, summary, .badge, dd, dt',
    )) {
      if (element.closest('.sr') !== null || element.offsetParent === null) continue;
      const { left, right, width } = element.getBoundingClientRect();
      const name = `${element.tagName} "${element.textContent.slice(0, 30)}"`;
      if (width > 0 && (left < -0.5 || right > innerWidth + 0.5)) found.push(`${name} leaves the window`);
      if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
        found.push(`${name} is cut`);
    }
    return found;
  });
}

/** Faults of accessibility that keep people out: of all rules, or of one. */
export async function seriousFaults(page: Page, rule?: string): Promise<readonly string[]> {
  // Half a megabyte: once for each document.
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe.source);
  const options = { resultTypes: ['violations'], ...(rule !== undefined && { runOnly: [rule] }) };
  const { violations } = (await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)})`,
  )) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

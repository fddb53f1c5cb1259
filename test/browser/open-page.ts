// A page on one screen of the window, at 1280 by 800 and in a context of its own: what it keeps dies with it.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type PageWatch, watchPage } from './page-watch.ts';

export interface OpenedPage {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly watch: PageWatch;
}

/** @param origin of the host @param screen by its id */
export async function openPage(
  browser: Browser,
  origin: string,
  screen: string,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme });
  const page = await context.newPage();
  const watch = watchPage(page, [origin]);
  await page.goto(`${origin}/#${screen}`);
  return { context, page, watch };
}

// What a page must not do while a test looks at it: speak on the console, throw, or ask anything of another origin.

import type { Page } from 'playwright-core';

export interface PageWatch {
  /** Console messages, exceptions and requests beyond `allowed`, in order. Empty is good. */
  readonly complaints: string[];
}

/** @param allowed beginnings of addresses the page may ask for */
export function watchPage(page: Page, allowed: readonly string[]): PageWatch {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (![...allowed, 'data:'].some((start) => url.startsWith(start))) complaints.push(`request: ${url}`);
  });
  return { complaints };
}

/** Rows the eye would have to scroll sideways for; 0 is good. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

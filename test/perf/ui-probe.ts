// What is measured inside a page, put there by the debugger before the page's own code: when inputs happened, when the
// figures they asked for stood in a frame, how long frames and tasks took. Plain JavaScript as text, since the page's
// policy lets no script in and the page knows nothing of it.
//
// A figure counts as painted at the first animation frame after the document holds it. Where React writes inside a frame
// that is one frame late, never early.

import type { Page } from 'playwright-core';

export interface Smoothness {
  /** ms between frames. */
  readonly frames: readonly number[];
  /** Tasks and frames of at least 50 ms, as the browser reports them. */
  readonly longTasks: readonly number[];
}

/** Before the first navigation. */
export async function installProbe(page: Page): Promise<void> {
  await page.addInitScript(PROBE);
}

/**
 * Waits for a condition that the next input of a kind is to bring about.
 * @param condition an expression over the document; `false` until the figures stand
 * @returns to be called after the input was made; ms from the input event, by its own time stamp, to the frame
 */
export async function awaitPaint(page: Page, input: string, condition: string): Promise<() => Promise<number>> {
  await page.evaluate(`probe.arm(${JSON.stringify(input)}, () => ${condition})`);
  return () => page.evaluate<number>('probe.painted()');
}

/** Waits until an expression over the document holds in a frame. @throws after a minute */
export async function until(page: Page, condition: string): Promise<void> {
  await page.evaluate(`probe.until(() => ${condition}, ${JSON.stringify(condition)})`);
}

export async function smoothnessWhile(page: Page, job: () => Promise<unknown>): Promise<Smoothness> {
  await page.evaluate('probe.watch()');
  await job();
  return page.evaluate<Smoothness>('probe.unwatch()');
}

/** ms from the start of the navigation to the first frame in which the expression held. */
export function firstFrameWith(page: Page): Promise<number> {
  return page.evaluate<number>('probe.first()');
}

/** What `firstFrameWith` waits for. Before the navigation. */
export async function watchFor(page: Page, condition: string): Promise<void> {
  await page.addInitScript(`probe.from(() => ${condition})`);
}

const PROBE = `
globalThis.probe = (() => {
  const holds = (condition) => { try { return Boolean(condition()); } catch { return false; } };
  const whenHolds = (condition, then) => {
    const look = () => {
      if (!holds(condition)) return;
      observer.disconnect();
      requestAnimationFrame(() => then(performance.now()));
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    look();
  };
  let painted = null;
  let first = null;
  let frames = [];
  let tasks = [];
  let running = false;
  let observers = [];
  const loop = (before) => requestAnimationFrame((now) => {
    if (!running) return;
    if (before !== null) frames.push(now - before);
    loop(now);
  });
  return {
    arm(input, condition) {
      painted = new Promise((resolve) => {
        const heard = (event) => {
          if (event.key === 'Control' || event.key === 'Shift') return;
          removeEventListener(input, heard, true);
          whenHolds(condition, (at) => resolve(at - event.timeStamp));
        };
        addEventListener(input, heard, true);
      });
    },
    painted: () => painted,
    until: (condition, words) => new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error('this did not come about: ' + words)), 60000);
      whenHolds(condition, resolve);
    }),
    from(condition) {
      first = new Promise((resolve) => {
        const start = () => whenHolds(condition, resolve);
        if (document.documentElement === null) new MutationObserver((_, observer) => {
          if (document.documentElement === null) return;
          observer.disconnect();
          start();
        }).observe(document, { childList: true });
        else start();
      });
    },
    first: () => first,
    watch() {
      frames = [];
      tasks = [];
      running = true;
      observers = ['longtask', 'long-animation-frame'].map((type) => {
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) tasks.push(entry.duration);
        });
        observer.observe({ type });
        return observer;
      });
      loop(null);
    },
    unwatch() {
      running = false;
      for (const observer of observers) {
        for (const entry of observer.takeRecords()) tasks.push(entry.duration);
        observer.disconnect();
      }
      return { frames, longTasks: tasks };
    },
  };
})();`;

// The window under random actions, a few of them; `npm run monkey` does 2,000.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeWindow, startFakeWindow } from '../helpers/fake-window.ts';
import { runMonkey } from './monkey.ts';

const ACTIONS = 150;
let fake: FakeWindow;
let page: Page;

beforeAll(async () => {
  fake = await startFakeWindow(120);
  page = await fake.browser.newPage({ viewport: { width: 1280, height: 800 } });
});

afterAll(() => fake.close());

it('complains of nothing, whatever is done, and undoes all of it', async () => {
  const run = await runMonkey(fake.host, page, ACTIONS, 11);
  expect({ complaints: run.complaints, last: run.complaints.length === 0 ? [] : run.done.slice(-8) }).toEqual({
    complaints: [],
    last: [],
  });
  expect(run.isBack).toBe(true);
  expect(run.done).toHaveLength(ACTIONS);
  // A run that changed nothing would have had nothing to undo.
  expect(run.undone).toBeGreaterThan(0);
});

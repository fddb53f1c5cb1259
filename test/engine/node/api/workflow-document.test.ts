// The workflow file under two hands: what others write is taken over whole, and never in the midst of their writing.

import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WorkflowOnDisk } from '../../../../engine/node/api/workflow-document.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const path = join(folder.path, 'w.json');

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
});

const looks = (n: number) => vi.advanceTimersByTime(500 * n);
let clock = 1_700_000_000;

/** As another program writes, at a second of its own: two writes within one tick of the disk's clock look alike. */
function write(text: string): void {
  writeFileSync(path, text);
  clock++;
  utimesSync(path, clock, clock);
}

function watched(): string[] {
  write('{"a":1}');
  const onDisk = new WorkflowOnDisk(path, path);
  onDisk.open();
  const told: string[] = [];
  onDisk.watch(({ text }) => told.push(text));
  looks(3);
  return told;
}

it('tells of what others write, once, and of nothing where nobody wrote', () => {
  const told = watched();
  expect(told).toEqual([]);
  write('{"a":2}');
  looks(4);
  expect(told).toEqual(['{"a":2}']);
});

it('does not take a file that is being written for what was written', () => {
  const told = watched();
  write('');
  looks(3);
  write('{"a"');
  looks(1);
  write('{"a":3,');
  looks(1);
  write('{"a":3,"b":4}');
  looks(3);
  expect(told).toEqual(['{"a":3,"b":4}']);
});

it('does not tell of its own writing', () => {
  write('{"a":1}');
  const onDisk = new WorkflowOnDisk(path, path);
  const { revision } = onDisk.open();
  const told: string[] = [];
  onDisk.watch(({ text }) => told.push(text));
  onDisk.save('{"a":5}', revision);
  looks(4);
  expect(told).toEqual([]);
});

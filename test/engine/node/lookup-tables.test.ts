import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTables } from '../../../engine/node/lookup-tables.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresend-tables-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const beside = join(folder, 'workflow.json');

function read(text: string | null, file = 'reviews.csv') {
  if (text !== null) writeFileSync(join(folder, 'reviews.csv'), text);
  const { workflow } = checkWorkflow({
    foresend: 1,
    id: 'w',
    personalize: { tables: [{ name: 'reviews', file, by: 'item' }] },
    trigger: { type: 'behavior', event: 'A' },
    sequence: [{ id: 's', delay: '1h' }],
    goal: { event: 'B', within: '7d' },
  });
  return readTables(workflow as Workflow, beside);
}

describe('a table beside a workflow', () => {
  it('is read with its moments, its numbers and its texts', async () => {
    const [table] = await read('item,from,stars,quote\nMug,2026-03-01,4.5,"Fine, really"\n007,,3,\n');
    expect(table).toEqual({
      name: 'reviews',
      by: 'item',
      columns: ['stars', 'quote'],
      rows: [
        { key: 'Mug', from: Date.parse('2026-03-01T00:00:00Z'), values: { stars: 4.5, quote: 'Fine, really' } },
        { key: '007', from: Number.NEGATIVE_INFINITY, values: { stars: 3 } },
      ],
    });
  });

  it.each([
    ['has no column to look up by', 'thing,stars\nMug,4\n', 'has no column "item"'],
    ['has a moment that is none', 'item,from,stars\nMug,31/02/26,4\n', 'row 1 below the header: "31/02/26"'],
    ['has no rows', 'item,stars\n', 'has no rows'],
  ])('that %s is refused, with the place', async (_, text, words) => {
    await expect(read(text)).rejects.toThrow(words);
  });

  it('is there, and in the workflow’s own folder', async () => {
    await expect(read(null, 'none.csv')).rejects.toThrow('which is not there');
    for (const file of ['../reviews.csv', '/etc/hostname', 'a/../../x.csv']) {
      await expect(read(null, file)).rejects.toThrow("must lie in the workflow's own folder");
    }
  });
});

// A history copied out of a workspace piece by piece must be the one that was saved.

import { describe, expect, it } from 'vitest';
import { importFiles, withSpill } from '../../../../engine/node/import/index.ts';
import { Workspace } from '../../../../engine/node/store/index.ts';
import { inMemory, piecesOf, traceInMemory } from '../../../../engine/node/stored/index.ts';
import { scratch } from '../import/helpers.ts';

const { path, write } = scratch();
let made = 0;

async function copied(lines: readonly string[]) {
  const { columns, report, trace } = await importFiles([write(`h${++made}.jsonl`, `${lines.join('\n')}\n`)]);
  const workspace = Workspace.create(path(`w${made}.foresend`));
  workspace.saveDataset('a', columns, { report, sources: [], trace });
  try {
    return await withSpill({ pieces: { memoryBytes: 0 } }, async (spill) => {
      const copy = await workspace.copyHistory('a', spill, () => {});
      expect(inMemory(copy.columns)).toEqual(columns);
      expect(copy.trace === null ? null : traceInMemory(copy.trace)).toEqual(trace);
      // What a join reads of values beside what is saved of them.
      const { values } = copy.columns;
      const plain = 'plain' in values ? [...piecesOf(values.plain)].flatMap((piece) => [...piece]) : null;
      return {
        kind: values.encoding.kind,
        plain,
        wanted: Array.from(columns.nameCodes, (_, row) => columns.values.at(row)),
      };
    });
  } finally {
    workspace.close();
  }
}

const line = (i: number, value: number | null) =>
  JSON.stringify({
    type: 'track',
    messageId: `m${i}`,
    userId: `u${i % 7}`,
    event: i % 2 === 0 ? 'A' : 'B',
    timestamp: new Date(Date.UTC(2024, 0, 1) + i * 1000).toISOString(),
    properties: { ...(value === null ? {} : { revenue: value }), ...(i % 3 === 0 ? { plan: 'pro' } : {}), n: i % 5 },
  });

describe('a history in a workspace', () => {
  it.each([
    ['none', () => null],
    ['scaled', (i: number) => (i === 5 ? Math.PI : i / 100)],
    ['sparse', (i: number) => (i === 8 || i === 3 ? 0.125 + i : null)],
    ['dense', (i: number) => Math.sqrt(i + 2)],
  ] as const)('is copied as it is, its values being kept %s', async (kind, amountOf) => {
    const got = await copied([
      ...Array.from({ length: 60 }, (_, i) => line(i, amountOf(i))),
      JSON.stringify({
        type: 'identify',
        userId: 'u1',
        anonymousId: 'x',
        traits: { seat: 4 },
        timestamp: '2024-01-02',
      }),
    ]);
    expect(got.kind).toBe(kind);
    expect(got.plain ?? got.wanted).toEqual(got.wanted);
  });
});

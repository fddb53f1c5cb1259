// What belongs to a workspace as a whole: kept, replaced, whole in a copy, and absent in a file of the format before.

import { describe, expect, it } from 'vitest';
import { Workspace } from '../../../../engine/node/store/index.ts';
import { scratch } from './helpers.ts';
import { putOlder } from './older.ts';

const path = scratch();

describe('a note of a workspace', () => {
  it('is what was written last, also after closing', () => {
    const made = Workspace.create(path('a.foresend'));
    expect(made.note('scenarios')).toBeNull();
    made.setNote('scenarios', [{ name: 'Ünïcode "2 h"', set: ['a=1'] }]);
    made.setNote('scenarios', [{ name: 'second' }]);
    made.setNote('other', 7);
    made.close();
    const again = Workspace.open(path('a.foresend'), { readonly: true });
    expect(again.note('scenarios')).toEqual([{ name: 'second' }]);
    expect(again.note('other')).toBe(7);
    expect(() => again.setNote('scenarios', [])).toThrow();
    again.close();
  });

  it('is none in a workspace of the format before, which is read as it is and grows when it is written', () => {
    const file = path('old.foresend');
    putOlder(1, file);
    const old = Workspace.open(file, { readonly: true });
    expect(old.note('scenarios')).toBeNull();
    old.close();
    const written = Workspace.open(file);
    written.setNote('scenarios', []);
    expect(written.note('scenarios')).toEqual([]);
    expect(written.datasets().map(({ name }) => name)).toEqual(['shop', 'second']);
    written.close();
    // The file as it was stands beside it.
    const before = Workspace.open(`${file}.format-1`, { readonly: true });
    expect(before.datasets().map(({ name }) => name)).toEqual(['shop', 'second']);
    before.close();
  });
});

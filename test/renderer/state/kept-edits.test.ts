// Undo over a restart: a window that closes and another that opens on the same workspace, with the file as it was, or
// changed meanwhile.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstState } from '../../../renderer/state/first-state.ts';
import { withEdit, withMove, withProgramme, withRedo, withUndo } from '../../../renderer/state/history.ts';
import { packEdits, withKept } from '../../../renderer/state/kept-edits.ts';
import type { WorkflowSlice } from '../../../renderer/state/types.ts';

const PATH = '/some/where/cart.json';

function opened(text: string, revision = 'r1'): WorkflowSlice {
  return { ...firstState({}).workflow, path: PATH, text, revision };
}

/** As it is after a restart. @param aside what the workspace could still bring back */
function restarted(
  slice: WorkflowSlice,
  disk: { readonly text: string; readonly revision: string },
  aside: readonly { name: string; fingerprint: string }[] = [],
) {
  const packed = packEdits(slice)?.packed ?? {};
  const kept = { packed: JSON.parse(JSON.stringify(packed)) as object, aside };
  return withKept(firstState({}).workflow, { path: PATH, ...disk }, kept);
}

const seen = ({ text, response, test }: WorkflowSlice) => ({ text, response, test });

/** Every state that Undo and then Redo lead through. */
function walk(slice: WorkflowSlice) {
  const states = [];
  let now = slice;
  while (now.past.length > 0) {
    states.push([now.past.at(-1)?.label, seen(now)]);
    now = withUndo(now);
  }
  while (now.future.length > 0) {
    states.push([now.future[0]?.label, seen(now)]);
    now = withRedo(now);
  }
  return [...states, seen(now)];
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), value: fc.string() }),
  fc.record({ kind: fc.constant('response' as const), value: fc.option(fc.dictionary(fc.string(), fc.integer())) }),
  fc.record({ kind: fc.constant('share' as const), value: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('undo' as const) }),
  fc.record({ kind: fc.constant('redo' as const) }),
);

describe('the undo history after a restart', () => {
  it('leads through the same states in the same order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let slice = opened('first');
        steps.forEach((one, i) => {
          if (one.kind === 'undo') slice = withUndo(slice);
          else if (one.kind === 'redo') slice = withRedo(slice);
          else if (one.kind === 'text') slice = withEdit(slice, { text: one.value }, `write ${i}`, null);
          else if (one.kind === 'response') slice = withEdit(slice, { response: one.value }, `assume ${i}`, null);
          // -0 is no number in JSON.
          else slice = withEdit(slice, { test: { ...slice.test, fraction: one.value + 0 } }, `hold out ${i}`, null);
        });
        const { slice: again, isUnsaved, isChanged } = restarted(slice, { text: slice.text, revision: 'r9' });
        expect([isUnsaved, isChanged]).toEqual([false, false]);
        expect(walk(again)).toEqual(walk(slice));
      }),
    );
  });

  it('saves what had not reached the file when the process ended', () => {
    const slice = withEdit(opened('first', 'r1'), { text: 'second' }, 'write', null);
    const found = restarted(slice, { text: 'first', revision: 'r1' });
    expect(found).toMatchObject({ isUnsaved: true, isChanged: false, slice: { text: 'second', revision: 'r1' } });
    expect(withUndo(found.slice).text).toBe('first');
  });

  it('takes over a file that was changed meanwhile, and can bring back what it was', () => {
    const slice = withEdit(opened('first', 'r1'), { text: 'second' }, 'write', null);
    const found = restarted(slice, { text: 'theirs', revision: 'r7' });
    expect(found).toMatchObject({ isUnsaved: false, isChanged: true, slice: { text: 'theirs', revision: 'r7' } });
    expect(found.slice.past.map(({ label }) => label)).toEqual(['write', 'take over the change made elsewhere']);
    expect(withUndo(found.slice).text).toBe('second');
    expect(withUndo(withUndo(found.slice)).text).toBe('first');
  });

  it('has no edits whose dataset is gone, and names those that are wanted', () => {
    const taken = { name: 'shop', before: 'aaaa', after: null, chosenBefore: 'shop' };
    const slice = withEdit(withMove(opened('first'), taken, 'take back shop'), { text: 'second' }, 'write', null);
    expect(packEdits(slice)?.wanted).toEqual(['aaaa']);
    const labels = (aside: readonly { name: string; fingerprint: string }[]) =>
      restarted(slice, { text: 'second', revision: 'r2' }, aside).slice.past.map(({ label }) => label);
    expect(labels([{ name: 'shop', fingerprint: 'aaaa' }])).toEqual(['take back shop', 'write']);
    expect(labels([{ name: 'shop', fingerprint: 'bbbb' }])).toEqual(['write']);
  });

  it('keeps the programme of before and after', () => {
    const programme = (id: string) => ({ file: { foresend: 1, programme: id, workflows: [] }, workflows: [] });
    const slice = withProgramme(opened('first'), { before: null, after: programme('a') }, 'use a', null);
    const { slice: again } = restarted(slice, { text: 'first', revision: 'r2' });
    expect(again.past[0]?.programme).toEqual({ before: null, after: programme('a') });
  });

  it('is bounded: the last edits stay', () => {
    let slice = opened('first');
    for (let i = 0; i < 60; i++) slice = withEdit(slice, { text: `${i}${'x'.repeat(40_000)}` }, `write ${i}`, null);
    const packed = packEdits(slice)?.packed;
    expect(JSON.stringify(packed).length).toBeLessThan(900_000);
    const { past } = restarted(slice, { text: slice.text, revision: 'r2' }).slice;
    expect(past.length).toBeGreaterThan(5);
    expect(past.at(-1)?.label).toBe('write 59');
  });

  it.each([
    ['of another file', { name: 'other.json' }],
    ['of another version', { version: 99 }],
    ['that cannot be understood', { texts: [] }],
    ['that is none', { past: undefined }],
  ])('is empty where what was kept is %s', (_, change) => {
    const slice = withEdit(opened('first'), { text: 'second' }, 'write', null);
    const kept = { packed: { ...packEdits(slice)?.packed, ...change }, aside: [] };
    const found = withKept(firstState({}).workflow, { path: PATH, text: 'now', revision: 'r' }, kept);
    expect(found).toMatchObject({ isUnsaved: false, isChanged: false, slice: { text: 'now', past: [], future: [] } });
  });
});

// A scenario in the place of the workflow: what it makes of the file, what is kept of it when it is edited, and that Undo,
// a restart and a change of the file from outside lead where they should.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SavedScenario, WindowApi } from '../../../engine/api/index.ts';
import { applyOverrides, parseWorkflow } from '../../../engine/workflow/index.ts';
import { keptAs, settingsBetween, textUnder } from '../../../renderer/state/scenarios.ts';
import { selectUndoLabel } from '../../../renderer/state/select.ts';
import { createWindow } from '../../../renderer/state/window-store.ts';

const TEXT = readFileSync(join(import.meta.dirname, '../../../fixtures/workflows/cart-recovery.json'), 'utf8');
const file = () => parseWorkflow(TEXT, 'w.json');

describe('settings between two workflows', () => {
  const setting = fc.oneof(
    fc.constantFrom('1h', '2h', '90m', '3d').map((value) => `trigger.within=${value}`),
    fc.constantFrom(0, 0.1, 0.5).map((value) => `holdout.fraction=${value}`),
    fc.constantFrom('a', 'true', '12', '"x"', '').map((value) => `sequence[1].subject=${JSON.stringify(value)}`),
    fc.constantFrom(
      'sequence[0].incentive={"percent":5}',
      'sequence[2].incentive.percent=20',
      'sequence[2].incentive=null',
    ),
    fc.constantFrom(
      'suppress=null',
      'suppress[0]=null',
      'suppress[1].if.value=30',
      'economics.margin=0.1',
      'exit=null',
    ),
    fc.constantFrom('sequence[1]=null', 'trigger={"type":"schedule","cron":"0 9 * * 1"}', 'goal.within=3d'),
  );

  it('make the second of the first, whatever was edited', () => {
    fc.assert(
      fc.property(fc.array(setting, { maxLength: 6 }), (sets) => {
        let after = file();
        for (const set of sets) {
          try {
            after = applyOverrides(after, [set]);
          } catch {
            // It stands on what an earlier one took away.
          }
        }
        const said = settingsBetween(file(), after);
        expect(said).not.toBeNull();
        expect(sorted(applyOverrides(file(), said ?? []))).toBe(sorted(after));
      }),
    );
  });

  it('are as deep and as plain as one would type them', () => {
    const after = applyOverrides(file(), [
      'trigger.within=2h',
      'sequence.incentive.incentive.percent=15',
      'attribution=null',
    ]);
    expect(settingsBetween(file(), after)).toEqual([
      'trigger.within=2h',
      'sequence[2].incentive.percent=15',
      'attribution=null',
    ]);
    expect(settingsBetween(file(), file())).toEqual([]);
  });
});

describe('what is kept of a scenario', () => {
  it('stays a batch send while it is one, and is a file of its own once edited', async () => {
    const batch: SavedScenario = { name: 'Batch', kind: 'batch', cron: '0 9 * * 1' };
    const text = await textUnder(TEXT, batch);
    expect(await keptAs(batch, TEXT, text)).toEqual(batch);
    const edited = text.replace('"72h"', '"48h"');
    expect(await keptAs(batch, TEXT, edited)).toEqual({ name: 'Batch', kind: 'file', file: JSON.parse(edited) });
  });

  it('is refused while its text is no JSON', async () => {
    await expect(keptAs({ name: 'a', kind: 'settings', set: [] }, TEXT, '{')).rejects.toThrow('JSON');
  });
});

/** A workspace and a file that outlive their windows. */
function place(list: readonly SavedScenario[]) {
  const disk = { path: '/w.json', text: TEXT, revision: '1' };
  const shop = { scenarios: list, writes: 0 };
  let kept: { packed: object; aside: [] } | null = null;
  const api = {
    ready: async () => ({
      workspace: '/x.foresend',
      datasets: [{ name: 'shop', persons: 1, events: 1, observedUntil: 0, fingerprint: 'f', sources: [] }],
      demo: null,
      readonly: null,
      interrupted: [],
      version: null,
      told: null,
    }),
    openWorkflow: async () => ({ ...disk }),
    saveWorkflow: async ({ text }: { text: string }) => {
      shop.writes += 1;
      Object.assign(disk, { text, revision: `${Number(disk.revision) + 1}` });
      return { ...disk };
    },
    scenarios: async () => shop.scenarios,
    saveScenarios: async ({ scenarios }: { scenarios: readonly SavedScenario[] }) => void (shop.scenarios = scenarios),
    keptEdits: async () => kept,
    keepEdits: async ({ packed }: { packed: object }) => {
      kept = { packed: JSON.parse(JSON.stringify(packed)) as object, aside: [] };
    },
    checkWorkflow: async ({ text }: { text: string }) => ({
      file: parseWorkflow(text, 'w.json'),
      issues: [],
      sentence: null,
      canonical: null,
      hash: null,
      limits: [],
    }),
  } as unknown as WindowApi;
  const open = async () => {
    const window = createWindow({ api, now: () => 0, saveAfterMs: 1 });
    await window.actions.begin();
    const { getState } = window.store;
    const within = () => (JSON.parse(getState().workflow.text) as { trigger: { within: string } }).trigger.within;
    return { ...window, state: getState, within, name: () => getState().workflow.scenario?.name ?? null };
  };
  return { open, disk, shop };
}

const TWO: readonly SavedScenario[] = [
  { name: 'Window 2 h', kind: 'settings', set: ['trigger.within=2h'] },
  { name: 'Hold out 30%', kind: 'settings', set: ['holdout.fraction=0.3'] },
];
/** Undo and Redo go their way by themselves. */
const until = (done: () => boolean) => expect.poll(done, { timeout: 4_000 }).toBe(true);

describe('a scenario that is open', () => {
  it('is edited in the place of the workflow, whose file stays as it is', async () => {
    const { open, disk, shop } = place(TWO);
    const window = await open();
    await window.actions.chooseScenario('Window 2 h');
    expect([window.name(), window.within()]).toEqual(['Window 2 h', '2h']);
    window.actions.setWorkflow('trigger.within', '3h', 'set window to 3 h');
    window.actions.setWorkflow('holdout.fraction', 0.2, 'hold out 20%');
    await window.actions.save();
    expect(shop.scenarios[0]).toEqual({
      name: 'Window 2 h',
      kind: 'settings',
      set: ['trigger.within=3h', 'holdout.fraction=0.2'],
    });
    expect([disk.text, shop.writes]).toEqual([TEXT, 0]);
    // Another stands over the file, not over the first.
    await window.actions.chooseScenario('Hold out 30%');
    expect(window.within()).toBe('60m');
    await window.actions.chooseScenario(null);
    expect([window.name(), window.state().workflow.text]).toEqual([null, TEXT]);
    expect(shop.writes).toBe(0);
  });

  it('is left and entered by Undo and Redo, edits under it included', async () => {
    const { open, disk, shop } = place(TWO);
    const window = await open();
    window.actions.setWorkflow('goal.within', '3d', 'set goal to 3 d');
    await window.actions.chooseScenario('Window 2 h');
    window.actions.setWorkflow('trigger.within', '3h', 'set window to 3 h');
    expect(selectUndoLabel(window.state())).toBe('set window to 3 h');
    window.actions.undo();
    expect(window.within()).toBe('2h');
    expect(selectUndoLabel(window.state())).toBe('look at Window 2 h');
    window.actions.undo();
    await until(() => window.name() === null);
    expect(window.within()).toBe('60m');
    // What was edited before the scenario was opened reached the file.
    expect(JSON.parse(disk.text)).toMatchObject({ goal: { within: '3d' } });
    window.actions.redo();
    await until(() => window.name() === 'Window 2 h');
    expect(window.within()).toBe('2h');
    await window.actions.save();
    expect(shop.scenarios).toEqual(TWO);
  });

  it('is there again after a restart, with its edits', async () => {
    const { open, shop } = place(TWO);
    const first = await open();
    await first.actions.chooseScenario('Window 2 h');
    first.actions.setWorkflow('trigger.within', '4h', 'set window to 4 h');
    await first.actions.save();
    const second = await open();
    expect([second.name(), second.within()]).toEqual(['Window 2 h', '4h']);
    second.actions.undo();
    second.actions.undo();
    await until(() => second.name() === null);
    await second.actions.save();
    expect(shop.scenarios).toEqual(TWO);
  });

  it('gives way to a change of the file from outside, which Undo takes back', async () => {
    const { open, disk } = place(TWO);
    const window = await open();
    await window.actions.chooseScenario('Window 2 h');
    const text = TEXT.replace('"60m"', '"45m"');
    Object.assign(disk, { text, revision: '9' });
    window.actions.changedOutside({ ...disk });
    expect([window.name(), window.within(), window.state().workflow.save.is]).toEqual([null, '45m', 'saved']);
    window.actions.undo();
    await until(() => window.name() === 'Window 2 h');
    expect(window.within()).toBe('2h');
  });

  it('becomes the workflow, and Undo puts the file back', async () => {
    const { open, disk } = place(TWO);
    const window = await open();
    await window.actions.chooseScenario('Window 2 h');
    await window.actions.adoptScenario();
    await window.actions.save();
    expect([window.name(), parseWorkflow(disk.text, 'w.json')]).toEqual([
      null,
      applyOverrides(file(), ['trigger.within=2h']),
    ]);
    window.actions.undo();
    await until(() => window.name() === 'Window 2 h');
    expect(disk.text).toBe(TEXT);
  });

  it('is left where it is taken out, and a new one begins as the workflow', async () => {
    const { open, shop } = place(TWO);
    const window = await open();
    await window.actions.addScenario('Fewer emails');
    expect([window.name(), shop.scenarios.at(-1)]).toEqual([
      'Fewer emails',
      { name: 'Fewer emails', kind: 'settings', set: [] },
    ]);
    expect(parseWorkflow(window.state().workflow.text, 'w.json')).toEqual(file());
    window.actions.setWorkflow('sequence[2]', null, 'remove incentive');
    await window.actions.save();
    await window.actions.setScenarios(shop.scenarios.slice(0, 2));
    expect([window.name(), window.state().workflow.text]).toEqual([null, TEXT]);
    expect(shop.scenarios).toEqual(TWO);
  });
});

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

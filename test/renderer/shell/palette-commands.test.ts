// What the palette makes of what is typed: which settings there are, which value was meant, what fits best.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyOverrides, checkWorkflow, type WorkflowFile } from '../../../engine/workflow/index.ts';
import {
  type Command,
  compareCommands,
  fitting,
  runnable,
  settingCommands,
  settingsOf,
  splitTyped,
} from '../../../renderer/shell/palette-commands.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'workflows');
const file = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as WorkflowFile;

describe('a setting', () => {
  it.each(['cart-recovery', 'feature-adoption', 'win-back'])('of %s can be set where it says', (name) => {
    const settings = settingsOf(file(name));
    expect(settings.length).toBeGreaterThan(2);
    for (const { path, kind } of settings) {
      const changed = applyOverrides(file(name), [`${path}=${kind === 'share' ? '0.11' : '77m'}`]);
      const { issues } = checkWorkflow(changed);
      expect(
        issues.filter(({ severity, message }) => severity === 'error' && !/ascend|order/.test(message)),
        path,
      ).toEqual([]);
      expect(JSON.stringify(changed), path).not.toBe(JSON.stringify(file(name)));
    }
  });

  it.each([
    ['window 2h', 'window', '2h'],
    ['set window to 2 h', 'window', '2 h'],
    ['hold out 15%', 'hold out', '15%'],
    ['delay of reminder = 90 min', 'delay of reminder', '90 min'],
    ['window 1h30m', 'window', '1h30m'],
    ['holdout 0.2', 'holdout', '0.2'],
  ])('is read out of “%s”', (typed, words, value) => {
    expect(splitTyped(typed)).toEqual({ words, value });
  });

  it('is a name alone as long as no value follows, whatever is typed', () => {
    expect(splitTyped('window')).toEqual({ words: 'window', value: null });
    expect(splitTyped('2h')).toEqual({ words: '2h', value: null });
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const { words, value } = splitTyped(typed);
        expect(value === null ? words : `${words}${value}`.length > 0).toBeTruthy;
        settingCommands(settingsOf(file('cart-recovery')), typed, () => {});
      }),
    );
  });

  const commandsOf = (typed: string) => {
    const made: unknown[] = [];
    const commands = settingCommands(settingsOf(file('cart-recovery')), typed, (...edit) => made.push(edit));
    return { first: commands[0], made };
  };

  it('is made as an edit with a name, and shows the settings it would try', () => {
    const { first, made } = commandsOf('window 2h');
    expect(first).toMatchObject({ label: 'Set window to 2 h', note: 'now 60 min', preview: ['trigger.within=2h'] });
    first?.run?.();
    expect(made).toEqual([['trigger.within', '2h', 'set window to 2 h']]);
    const held = commandsOf('hold out 20%');
    held.first?.run?.();
    expect(held.made).toEqual([['holdout.fraction', 0.2, 'set holdout to 20%']]);
    const delay = commandsOf('reminder 3h');
    expect(delay.first?.label).toBe('Set delay of reminder to 3 h');
  });

  it('is set beside the workflow where it is to be compared; a bare time is the window', () => {
    const made: unknown[] = [];
    const settings = settingsOf(file('cart-recovery'));
    const compare = (typed: string) => compareCommands(settings, typed, (...column) => made.push(column))[0];
    expect(compare('compare with 2 h')).toMatchObject({
      label: 'Compare with window 2 h',
      preview: ['trigger.within=2h'],
    });
    compare('compare with 2h')?.run?.();
    compare('compare hold out 30%')?.run?.();
    expect(made).toEqual([
      ['Window 2 h', ['trigger.within=2h']],
      ['Holdout 30%', ['holdout.fraction=0.3']],
    ]);
    expect(compare('compare')).toBeUndefined();
    expect(compare('compare with 90')?.run).toBeUndefined();
    expect(compareCommands(settings, 'compare with 2h', null)[0]?.run).toBeUndefined();
  });

  it('can be looked at and not be made where nothing can be changed', () => {
    const { first } = commandsOf('window 2h');
    const look = { id: 'go data', group: 'Go to', icon: 'data', label: 'Data', run: () => {} } as const;
    const [setting, screen] = runnable([first, look] as Command[], 'Open elsewhere.');
    expect(setting).toMatchObject({ note: 'read only', preview: ['trigger.within=2h'] });
    expect(setting?.run).toBeUndefined();
    expect(screen).toEqual(look);
    expect(runnable([first, look] as Command[], null)).toEqual([first, look]);
  });

  it('that cannot be is not offered to be made, and says why', () => {
    expect(commandsOf('window 90').first).toMatchObject({ note: expect.stringContaining('Needs a unit') });
    expect(commandsOf('window 90').first?.run).toBeUndefined();
    expect(commandsOf('holdout 120%').first?.run).toBeUndefined();
    expect(commandsOf('window').first).toMatchObject({ label: 'Set window: type a value, such as 2h' });
  });
});

describe('commands', () => {
  const command = (id: string, label: string, also = ''): Command => ({ id, group: 'Do', icon: 'file', label, also });
  const all = [
    command('a', 'Data'),
    command('b', 'Calibrate'),
    command('c', 'Save the report', 'export'),
    command('d', 'Dark theme'),
  ];
  const ids = (typed: string, recent: readonly string[] = []) => fitting(all, typed, recent).map(({ id }) => id);

  it('are all there of nothing typed, the recent ones first', () => {
    expect(ids('')).toEqual(['a', 'b', 'c', 'd']);
    expect(ids('', ['d', 'gone', 'b'])).toEqual(['d', 'b', 'a', 'c']);
  });

  it('are found by a part of their words, and none by what has none', () => {
    expect(ids('calib')[0]).toBe('b');
    expect(ids('export')[0]).toBe('c');
    expect(ids('drk')[0]).toBe('d');
    expect(ids('zzzz')).toEqual([]);
  });
});

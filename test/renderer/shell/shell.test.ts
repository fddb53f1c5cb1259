import { describe, expect, it } from 'vitest';
import { commandLine } from '../../../renderer/shell/command-line.ts';
import { keyAction } from '../../../renderer/shell/keys.ts';
import { progressShare, progressWords, timeLeftWords, tookWords } from '../../../renderer/ui/progress-words.ts';
import { readDuration, readNumber, readShare } from '../../../renderer/ui/readings.ts';
import { together } from '../../../renderer/ui/words.ts';

describe('keys', () => {
  const press = (key: string, more: object = {}) =>
    keyAction({ key, ctrl: false, shift: false, alt: false, typing: false, afterG: false, ...more });

  it('go to screens by two letters, only where nothing is typed', () => {
    expect(press('g')).toEqual({ do: 'wait' });
    expect(press('c', { afterG: true })).toEqual({ do: 'go', key: 'c' });
    expect(press('c')).toBeNull();
    expect(press('g', { typing: true })).toBeNull();
    expect(press('c', { afterG: true, typing: true })).toBeNull();
  });

  it('undo and redo everywhere, as every system writes it', () => {
    expect(press('z', { ctrl: true })).toEqual({ do: 'undo' });
    expect(press('Z', { ctrl: true, shift: true })).toEqual({ do: 'redo' });
    expect(press('z', { ctrl: true, typing: true })).toEqual({ do: 'undo' });
    expect(press('z', { ctrl: true, alt: true })).toBeNull();
    expect(press('F6', { shift: true })).toEqual({ do: 'previousRegion' });
  });

  it('go back and forward, and do what the screen proposes, where nothing is typed', () => {
    expect(press('ArrowLeft', { alt: true })).toEqual({ do: 'back' });
    expect(press('ArrowRight', { alt: true })).toEqual({ do: 'forward' });
    expect(press('Enter', { ctrl: true })).toEqual({ do: 'main' });
    expect(press('ArrowLeft')).toBeNull();
    for (const [key, more] of [
      ['ArrowLeft', { alt: true }],
      ['Enter', { ctrl: true }],
    ] as const) {
      expect(press(key, { ...more, typing: true })).toBeNull();
    }
  });
});

describe('the command', () => {
  const parts = { workflow: "/my shop's.json", workspace: '/x.foresend', dataset: 'demo', seed: 1 };
  it('is what a shell takes, for the figures of the screen', () => {
    expect(commandLine({ ...parts, command: 'calibrate' })).toBe(
      "npx foresend calibrate '/my shop'\\''s.json' --workspace /x.foresend --dataset demo --seed 1",
    );
    expect(commandLine({ ...parts, command: 'describe' })).toBe(
      'npx foresend describe --workspace /x.foresend --dataset demo',
    );
    expect(commandLine({ ...parts, command: 'replay' })).not.toContain('--seed');
  });
});

describe('what is typed', () => {
  it('is a duration with its unit; a bare number is refused with the fix', () => {
    expect(readDuration('90m')).toEqual({ value: '90m' });
    expect(readDuration('1 h 30 min')).toEqual({ value: '1h30m' });
    expect(readDuration('60')).toEqual({ error: 'Needs a unit, such as 60m' });
    for (const text of ['', 'soon', '2.5h', '-1h', '0m']) expect(readDuration(text)).toHaveProperty('error');
  });

  it('is a share or a number', () => {
    expect(readShare('15%')).toEqual({ value: 0.15 });
    expect(readShare('0.15')).toEqual({ value: 0.15 });
    expect(readShare('15')).toEqual({ error: 'Needs a percent sign, such as 15%' });
    expect(readShare('120%')).toHaveProperty('error');
    expect(readNumber('1,271', { whole: true })).toEqual({ value: 1271 });
    expect(readNumber('1.5', { whole: true })).toHaveProperty('error');
  });
});

describe('words', () => {
  it('keep a number and its unit on one line', () => {
    expect(together('in 60 min or 7 d 1 h, 3 people')).toBe('in 60\u00a0min or 7\u00a0d\u00a01\u00a0h, 3 people');
  });

  it('count what is known of a long call', () => {
    const progress = { stage: '', done: 6_200_000, total: 10_000_000, unit: 'rows' };
    expect(progressWords(progress)).toBe('6.20 million of 10.00 million rows');
    expect(timeLeftWords(progress, 15_000)).toBe('410,000 rows a second, 10 s left');
    expect(timeLeftWords({ ...progress, done: 0 }, 15_000)).toBe('');
    expect(progressShare({ ...progress, total: 0 })).toBeNull();
    expect([tookWords(0.2), tookWords(840), tookWords(12_400)]).toEqual(['1 ms', '0.8 s', '12 s']);
  });
});

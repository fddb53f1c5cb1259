// What the palette offers: places to go, data and workflows to open, people, settings of the workflow with a value that is
// typed, actions. Each is words and what it does; which fit what is typed is decided here, drawing is not.

import fuzzysort from 'fuzzysort';
import { formatDuration, humanDuration, parseDuration } from '../../engine/base/index.ts';
import type { IconName } from '../ui/icons.tsx';
import { readDuration, readShare } from '../ui/readings.ts';

export interface Command {
  /** The same for the same command at every opening, so that it can be remembered. */
  readonly id: string;
  readonly group: 'Set' | 'Go to' | 'Open' | 'People' | 'Do';
  readonly icon: IconName;
  readonly label: string;
  /** Behind it, quiet: a key, what is there now. */
  readonly note?: string;
  /** Further words it is found by. */
  readonly also?: string;
  /** Settings to look at before they are made: `trigger.within=2h`. */
  readonly preview?: readonly string[];
  /** Changes something: only said, where nothing can be changed. */
  readonly edits?: boolean;
  /** Absent: it only says why not. */
  readonly run?: () => void;
}

/** A value of the workflow that can be set by typing it behind a name. */
export interface Setting {
  /** As `--set` takes it. */
  readonly path: string;
  /** `window`, `delay of "reminder"`. */
  readonly name: string;
  readonly also?: string;
  readonly kind: 'duration' | 'share';
  /** As it is written in the file. */
  readonly now: unknown;
}

const MOST = 12;

/**
 * The settings of a workflow file that has no errors: windows, delays, the share held out, the goal's time.
 * @param file as JSON
 */
export function settingsOf(file: Readonly<Record<string, unknown>>): Setting[] {
  const settings: Setting[] = [];
  const { trigger, sequence, holdout, goal } = file;
  const duration = (path: string, name: string, now: unknown, also?: string) => {
    if (typeof now === 'string')
      settings.push({ path, name, kind: 'duration', now, ...(also === undefined ? {} : { also }) });
  };
  const ofTrigger = (at: string, one: unknown) => {
    if (!isObject(one)) return;
    duration(
      `${at}.within`,
      at === 'trigger' ? 'window' : `window of ${String(one['type'])}`,
      one['within'],
      'trigger wait',
    );
    duration(`${at}.for`, 'silence', one['for'], 'absence window trigger');
  };
  ofTrigger('trigger', trigger);
  if (isObject(trigger) && Array.isArray(trigger['triggers'])) {
    trigger['triggers'].forEach((one: unknown, i) => {
      ofTrigger(`trigger.triggers[${i}]`, one);
    });
  }
  settings.push({
    path: 'holdout.fraction',
    name: 'holdout',
    also: 'hold out held share control',
    kind: 'share',
    now: isObject(holdout) ? (holdout['fraction'] ?? 0) : 0,
  });
  if (Array.isArray(sequence)) {
    sequence.forEach((step: unknown, i) => {
      if (!isObject(step) || typeof step['id'] !== 'string') return;
      duration(`sequence[${i}].delay`, `delay of ${step['id']}`, step['delay'], 'email wait');
    });
  }
  if (isObject(goal)) duration('goal.within', 'time for the goal', goal['within'], 'outcome attribution');
  return settings;
}

/** `set window 2h`, `hold out 15%`, `delay of reminder 3 h`: a name and, behind it, a value. */
export function splitTyped(typed: string): { readonly words: string; readonly value: string | null } {
  const text = typed.trim();
  const found = /^(.*?)[\s:=]*(?:\bto\s+)?(\d[\d.]*\s*(?:%|[a-z]{1,3})?(?:\s*\d+\s*[a-z]{1,3})*)$/i.exec(text);
  const [, words = '', value = null] = found ?? [];
  if (value === null || words.trim() === '') return { words: text, value: null };
  return { words: words.replace(/^set\s+/i, '').trim(), value };
}

/** @param set makes the edit, named for undo */
export function settingCommands(
  settings: readonly Setting[],
  typed: string,
  set: (path: string, value: unknown, label: string) => void,
): Command[] {
  const { words, value } = splitTyped(typed);
  const name = value === null ? typed.replace(/^set\s*/i, '') : words;
  // One letter before digits is an id rather than a setting's name.
  const found = name.length < 2 ? [] : rank(settings, name, nameOf);
  return found.map((setting): Command => {
    const { path, name, kind, now } = setting;
    const base = {
      id: `set ${path}`,
      group: 'Set',
      icon: 'workflow',
      note: `now ${valueWords(kind, now)}`,
      edits: true,
    } as const;
    if (value === null) {
      const example = kind === 'share' ? '15%' : '2h';
      return { ...base, label: `Set ${name}: type a value, such as ${example}` };
    }
    const reading = kind === 'share' ? readShare(value) : readDuration(value);
    if ('error' in reading) return { ...base, label: `Set ${name}`, note: reading.error };
    const label = `set ${name} to ${valueWords(kind, reading.value)}`;
    return {
      ...base,
      label: `${label.charAt(0).toUpperCase()}${label.slice(1)}`,
      preview: [`${path}=${String(reading.value)}`],
      run: () => set(path, reading.value, label),
    };
  });
}

/**
 * `compare with 2 h`, `compare holdout 30%`: a column beside the workflow that differs in one setting. A bare duration is
 * the window's.
 * @param add makes the column; null: there is no place for another one
 */
export function compareCommands(
  settings: readonly Setting[],
  typed: string,
  add: ((name: string, set: readonly string[]) => void) | null,
): Command[] {
  const wanted = /^compare\s+(?:with\s+)?(?=.*\d)(.+)$/i.exec(typed.trim())?.[1];
  if (wanted === undefined) return [];
  const { words, value } = splitTyped(wanted);
  const [waits] = settings.filter(({ kind }) => kind === 'duration');
  const found = value !== null ? rank(settings, words, nameOf) : waits === undefined ? [] : [waits];
  return found.flatMap((setting): Command[] => {
    const { path, name, kind, now } = setting;
    const reading = kind === 'share' ? readShare(value ?? words) : readDuration(value ?? words);
    const base = { id: `compare ${path}`, group: 'Do', icon: 'compare', edits: true } as const;
    if ('error' in reading) return [{ ...base, label: `Compare with another ${name}`, note: reading.error }];
    const said = `${name} ${valueWords(kind, reading.value)}`;
    const set = `${path}=${String(reading.value)}`;
    return [
      {
        ...base,
        label: `Compare with ${said}`,
        note: add === null ? 'three beside the workflow at most' : `now ${valueWords(kind, now)}`,
        preview: [set],
        ...(add === null ? {} : { run: () => add(`${said.charAt(0).toUpperCase()}${said.slice(1)}`, [set]) }),
      },
    ];
  });
}

/**
 * @param reason why nothing can be changed, in words; null where it can
 * @returns the commands, those that change something without a way to run them
 */
export function runnable(commands: readonly Command[], reason: string | null): Command[] {
  return commands.map((command) => {
    if (reason === null || command.edits !== true) return command;
    const { run: _, ...rest } = command;
    return { ...rest, note: 'read only' };
  });
}

/**
 * Those that fit, best first; of nothing typed, the recent ones first and then all in order.
 * @param recent ids, newest first
 */
export function fitting(commands: readonly Command[], typed: string, recent: readonly string[]): Command[] {
  if (typed.trim() === '') {
    const last = recent.flatMap((id) => commands.find((command) => command.id === id) ?? []);
    return [...last, ...commands.filter((command) => !last.includes(command))];
  }
  return rank(commands, typed, ({ label, also }) => `${label} ${also ?? ''}`).slice(0, MOST);
}

function rank<T>(list: readonly T[], typed: string, text: (one: T) => string): T[] {
  const wanted = typed.trim();
  if (wanted === '') return [...list];
  const targets = list.map((one) => ({ one, text: text(one) }));
  return fuzzysort.go(wanted, targets, { key: 'text', threshold: 0.35 }).map(({ obj }) => obj.one);
}

const nameOf = ({ name, also }: Setting) => `${name} ${also ?? ''}`;

function valueWords(kind: Setting['kind'], value: unknown): string {
  if (kind === 'share') return `${Number((Number(value) * 100).toPrecision(6))}%`;
  const ms = typeof value === 'string' ? parseDuration(value) : null;
  return ms === null ? String(value) : ms === 0 ? formatDuration(0) : humanDuration(ms);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

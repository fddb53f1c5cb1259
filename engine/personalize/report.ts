// What a workflow's emails could say: for every email a replay would send, which properties are filled at that moment,
// what the subject line reads, and previews for people who tell. Each send is counted; nothing is sampled but the
// previews.

import type { Scalar } from '../columns/index.ts';
import { startingEvent } from '../esp/index.ts';
import type { History } from '../events/index.ts';
import { HistoryView } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import type { SendMoment } from './computed.ts';
import { OddCount, type OddValues } from './odd-values.ts';
import { type PreviewReport, previewsOf, type SeenSend } from './previews.ts';
import { type FollowOptions, momentOf, type Sends, sendsOf } from './sends.ts';
import { SubjectCount, type SubjectReport } from './subjects.ts';
import type { TableInput } from './tables.ts';
import { type NameUse, stepTexts } from './texts.ts';
import { isEmpty, type Named, type NameKind, Values } from './values.ts';

export interface PropertyReport {
  /** As it is written in an email. */
  readonly name: string;
  readonly of: NameKind;
  /** False: neither the history nor the workflow has it, so that it is always empty. */
  readonly isKnown: boolean;
  /** By step in file order. */
  readonly steps: readonly { readonly step: string; readonly sends: number; readonly filled: number }[];
  /** Over the emails that use it; over all where none does. */
  readonly where: { readonly sends: number; readonly filled: number };
  readonly uses: readonly NameUse[];
  /** A value it had; null where it never had one. */
  readonly example: string | null;
  /** Of the emails of `where`: values that are there and would read wrong. */
  readonly odd: readonly OddValues[];
}

export interface PersonalizeReport {
  /** Emails the replay sends to the treated. */
  readonly sends: number;
  /** Used ones first, then the least filled; names that texts use and nobody has are among them. */
  readonly properties: readonly PropertyReport[];
  readonly subjects: readonly SubjectReport[];
  readonly previews: readonly PreviewReport[];
}

const BATCH = 4096;

/** @param tables those under `personalize.tables`, read. @throws UserError `NOT_REPLAYABLE`; whatever the signal throws */
export function personalizeReport(
  history: History,
  workflow: Workflow,
  tables: readonly TableInput[],
  options: FollowOptions = {},
): PersonalizeReport {
  const sends = sendsOf(history, workflow, options);
  const values = new Values(history, workflow, eventNamesAt(history, workflow, sends), tables);
  const texts = stepTexts(workflow, values);
  const names = allNames(
    values,
    texts.flatMap((text) => text.names),
  );
  const filled = names.map(() => sends.stepIds.map(() => 0));
  const examples: (Scalar | undefined)[] = names.map(() => undefined);
  const odd = names.map(() => new OddCount(sends.stepIds.length));
  const perStep = sends.stepIds.map(() => 0);
  const subjects = texts.map((text) => new SubjectCount(text));
  const seen: SeenSend[][] = texts.map(() => []);
  visit(history, sends, options.signal, (i, step, moment) => {
    perStep[step] = (perStep[step] as number) + 1;
    const text = texts[step];
    if (text === undefined) return;
    const found = new Map<string, Scalar | undefined>();
    names.forEach((named, n) => {
      const value = values.valueOf(named, moment, text.step);
      found.set(named.name, value);
      if (isEmpty(value)) return;
      const counts = filled[n] as number[];
      counts[step] = (counts[step] as number) + 1;
      examples[n] ??= value;
      odd[n]?.add(value, step);
    });
    const own = text.names.map(({ name }) => found.get(name));
    const length = subjects[step]?.add(own, () => values.shown(text.names, moment, text.step)) ?? 0;
    seen[step]?.push({ send: i, missing: own.filter(isEmpty).length, length, script: scriptOf(own) });
  });
  const uses = (name: string): NameUse[] =>
    texts.flatMap((text) =>
      text.uses
        .filter(({ named }) => named.name === name)
        .map(({ step, part, hasDefault, fallback }) => ({ step, part, hasDefault, fallback })),
    );
  const properties = names.map((named, n): PropertyReport => {
    const counts = filled[n] as readonly number[];
    const example = examples[n];
    const used = uses(named.name);
    const steps = sends.stepIds.map((step, s) => ({
      step,
      sends: perStep[s] as number,
      filled: counts[s] as number,
    }));
    const isCounted = (step: string) => used.length === 0 || used.some((use) => use.step === step);
    const where = steps.filter(({ step }) => isCounted(step));
    return {
      name: named.name,
      of: named.of,
      isKnown: values.isKnown(named),
      steps,
      where: {
        sends: where.reduce((sum, one) => sum + one.sends, 0),
        filled: where.reduce((sum, one) => sum + one.filled, 0),
      },
      uses: used,
      example: example === undefined ? null : String(example),
      odd: odd[n]?.report((step) => isCounted(sends.stepIds[step] as string)) ?? [],
    };
  });
  // Used ones first, those that are missing most often before the others.
  const lacking = ({ where }: PropertyReport) => (where.sends === 0 ? 0 : 1 - where.filled / where.sends);
  properties.sort((a, b) => Number(b.uses.length > 0) - Number(a.uses.length > 0) || lacking(b) - lacking(a));
  return {
    sends: sends.n,
    properties,
    subjects: subjects.map((subject) => subject.report()),
    previews: texts.flatMap((text, s) => previewsOf(history, values, sends, text, seen[s] ?? [])),
  };
}

/** Names of texts as they are written, then all others there are, by bare name; what stands behind another is left out. */
function allNames(values: Values, used: readonly Named[]): Named[] {
  const { history, workflow } = values;
  const all = new Map(used.map((named) => [named.name, named]));
  const meant = new Set(used.map(({ of, path }) => JSON.stringify([of, path])));
  const put = (path: readonly string[]) => {
    const named = values.named(path);
    if (named === null || all.has(named.name) || meant.has(JSON.stringify([named.of, named.path]))) return;
    all.set(named.name, named);
  };
  for (const { name } of workflow.personalize?.properties ?? []) put([name]);
  for (const { name, columns } of values.tables) for (const column of columns) put([name, column]);
  for (const name of values.eventNames) put(values.named([name])?.of === 'event' ? [name] : ['event', name]);
  for (const name of history.changes.propertyNames)
    put(values.named([name])?.of === 'person' ? [name] : ['person', name]);
  return [...all.values()];
}

/** Properties that the starting event has at least once. */
function eventNamesAt(history: History, workflow: Workflow, { anchorRows }: Sends): string[] {
  if (startingEvent(workflow) === null) return [];
  const names = [
    ...new Set([...history.properties.keys(), ...(history.valueName === null ? [] : [history.valueName]), 'value']),
  ];
  return names.filter((name) => anchorRows.some((row) => row >= 0 && history.eventProperty(row, name) !== undefined));
}

/** Each send at its moment, in their order. The view shows rows up to the moment. */
function visit(
  history: History,
  sends: Sends,
  signal: AbortSignal | undefined,
  each: (send: number, step: number, moment: SendMoment) => void,
): void {
  const view = new HistoryView(history);
  for (let i = 0; i < sends.n; i++) {
    if (i % BATCH === 0) signal?.throwIfAborted();
    each(i, sends.steps[i] as number, momentOf(view, sends, i));
  }
}

/** What of a text's values is written otherwise than most. */
function scriptOf(values: readonly (Scalar | undefined)[]): SeenSend['script'] {
  for (const value of values) {
    if (typeof value !== 'string') continue;
    if (RIGHT_TO_LEFT.test(value)) return 'rightToLeft';
    if (EMOJI.test(value)) return 'emoji';
  }
  return null;
}

const RIGHT_TO_LEFT = /\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Thaana}/u;
const EMOJI = /\p{Extended_Pictographic}/u;

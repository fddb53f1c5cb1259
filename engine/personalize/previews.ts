// Emails as they would read for people who tell: the best, the typical and the worst filled, and the awkward ones: a
// value missing, a long one, one written from right to left, one with an emoji. Where the history has nobody like that,
// the typical person's values are exchanged for made-up ones, which is said.

import type { Scalar } from '../columns/index.ts';
import type { History } from '../events/index.ts';
import { HistoryView } from '../replay/index.ts';
import { momentOf, type Sends } from './sends.ts';
import { charactersIn } from './subjects.ts';
import type { StepText } from './texts.ts';
import { isEmpty, type Named, type Values } from './values.ts';

export const PREVIEW_KINDS = ['typical', 'best', 'worst', 'missing', 'long', 'rightToLeft', 'emoji'] as const;
export type PreviewKind = (typeof PREVIEW_KINDS)[number];

export interface PreviewReport {
  readonly step: string;
  readonly kind: PreviewKind;
  /** Whether values of it are made up. */
  readonly isInvented: boolean;
  /** Whose moment it is. */
  readonly person: string;
  /** Ms since the epoch. */
  readonly at: number;
  /** Null where the step has none, or `reason` says why it cannot be rendered. */
  readonly subject: string | null;
  readonly body: string | null;
  readonly reason: string | null;
  /** Characters of the subject line. */
  readonly length: number;
  /** Names that are empty and have something in their place, and those that have nothing. */
  readonly replaced: readonly string[];
  readonly empty: readonly string[];
}

/** What was seen of one send, to choose by. */
export interface SeenSend {
  readonly send: number;
  /** Names of the email that are empty. */
  readonly missing: number;
  /** Characters of the subject line. */
  readonly length: number;
  readonly script: 'rightToLeft' | 'emoji' | null;
}

const LONG = 'Extra-large organic cotton winter duvet set with two pillowcases, natural white, double';
const INSTEAD: Readonly<Record<'long' | 'rightToLeft' | 'emoji', string>> = {
  long: LONG,
  rightToLeft: 'حقيبة سفر جلدية',
  emoji: 'Tea set 🫖✨',
};
const FACTOR_LONG = 1.5;

/** Empty where the step is never sent. */
export function previewsOf(
  history: History,
  values: Values,
  sends: Sends,
  text: StepText,
  seen: readonly SeenSend[],
): PreviewReport[] {
  const [first] = seen;
  if (first === undefined) return [];
  const view = new HistoryView(history);
  const show = (kind: PreviewKind, { send }: SeenSend, instead?: ReadonlyMap<string, Scalar | undefined>) => {
    const moment = momentOf(view, sends, send);
    const shown = values.shown(text.names, moment, text.step, instead);
    const subject = text.parts.subject?.render(shown) ?? null;
    const body = text.parts.body?.render(shown) ?? null;
    const missing = text.names.filter((named) =>
      isEmpty(instead?.has(named.name) ? instead.get(named.name) : values.valueOf(named, moment, text.step)),
    );
    const hasDefault = ({ name }: Named) => text.uses.every(({ named, hasDefault: has }) => named.name !== name || has);
    return {
      step: text.step.id,
      kind,
      isInvented: instead !== undefined,
      person: history.personIds.at(sends.persons[send] as number),
      at: moment.time,
      subject: subject?.text ?? null,
      body: body?.text ?? null,
      reason: text.problems.subject ?? text.problems.body ?? subject?.reason ?? body?.reason ?? null,
      length: charactersIn(subject?.text ?? ''),
      replaced: missing.filter(hasDefault).map(({ name }) => name),
      empty: missing.filter((named) => !hasDefault(named)).map(({ name }) => name),
    };
  };
  const lengths = seen.map(({ length }) => length).sort((a, b) => a - b);
  const median = lengths[lengths.length >> 1] as number;
  const off = ({ length }: SeenSend) => Math.abs(length - median);
  const byMissing = seen.map(({ missing }) => missing).sort((a, b) => a - b);
  const usual = byMissing[byMissing.length >> 1] as number;
  const typical = best(seen, (one) => Math.abs(one.missing - usual) * 1e6 + off(one));
  if (text.names.length === 0) return [show('typical', typical)];
  const fullest = best(seen, (one) => one.missing * 1e6 + off(one));
  const emptiest = best(seen, (one) => -one.missing * 1e6 - one.length);
  const moment = momentOf(view, sends, typical.send);
  const texts = text.names.filter(
    (named) =>
      named.of !== 'offer' &&
      typeof (values.valueOf(named, moment, text.step) ?? '') === 'string' &&
      named.of !== 'table',
  );
  // A name that is only asked about shows nothing of its value.
  const made = (kind: keyof typeof INSTEAD): PreviewReport[] => {
    const saying = (value: string) =>
      show(kind, typical, new Map(texts.map(({ name }): [string, string] => [name, value])));
    const [one, other] = [saying(INSTEAD[kind]), saying('-')];
    return one.reason === null && one.subject === other.subject && one.body === other.body ? [] : [one];
  };
  const withScript = (kind: 'rightToLeft' | 'emoji') => {
    const found = seen.find(({ script }) => script === kind);
    return found === undefined ? made(kind) : [show(kind, found)];
  };
  const owned = text.names.filter((named) => values.canBeMissing(named));
  const longest = best(seen, (one) => -one.length);
  const isLong = longest.length >= FACTOR_LONG * median && longest.length > median;
  const awkward = [
    // Where somebody lacks a value the worst filled is that one.
    ...(emptiest.missing > 0 || owned.length === 0
      ? []
      : [show('missing', typical, new Map(owned.map(({ name }) => [name, undefined])))]),
    ...(isLong ? [show('long', longest)] : texts.length > 0 ? made('long') : []),
    ...(texts.length > 0 ? [...withScript('rightToLeft'), ...withScript('emoji')] : []),
  ];
  return [
    show('typical', typical),
    ...(fullest.missing < typical.missing ? [show('best', fullest)] : []),
    ...(emptiest.missing > typical.missing ? [show('worst', emptiest)] : []),
    ...awkward,
  ];
}

/** The first of the lowest. */
function best(seen: readonly SeenSend[], cost: (one: SeenSend) => number): SeenSend {
  let found = seen[0] as SeenSend;
  for (const one of seen) if (cost(one) < cost(found)) found = one;
  return found;
}

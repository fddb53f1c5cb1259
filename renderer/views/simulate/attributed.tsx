// What an email tool would report: conversions credited by the workflow's own rule, beside what comes anyway and what
// comes because of the emails, never in their place. Most of what is credited may come anyway; that is said first.

import type { BreakdownAnswer, ProjectAnswer } from '../../../engine/api/index.ts';
import { capital, count, humanDuration as duration, roundedToSum } from '../../../engine/base/index.ts';
import { known, type Terms } from '../../../engine/report/index.ts';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Table } from '../../ui/table.tsx';

export type Attributed = NonNullable<BreakdownAnswer['attributed']>;

export interface AttributedProps {
  readonly attributed: Attributed;
  readonly projection: Pick<ProjectAnswer, 'incremental'>;
  readonly terms: Terms;
}

/** By email and in all, what comes anyway and what comes because: whole numbers that add up both ways. */
export function creditedCounts({ steps }: Pick<Attributed, 'steps'>) {
  const cells = roundedToSum([...steps.map(({ anyway }) => anyway), ...steps.map(({ because }) => because)], 1);
  const anyway = cells.slice(0, steps.length);
  const because = cells.slice(steps.length);
  const sum = (list: readonly number[]) => list.reduce((all, n) => all + n, 0);
  return {
    steps: steps.map(({ id }, i) => ({ id, anyway: anyway[i] ?? 0, because: because[i] ?? 0 })),
    anyway: sum(anyway),
    because: sum(because),
    credited: sum(cells),
  };
}

/** `3.1 times the projected effect`; words of their own where the effect is none, or harm. */
export function overCredit(
  { credited }: Pick<Attributed, 'credited'>,
  { incremental }: AttributedProps['projection'],
): string {
  const effect = known(incremental);
  if (effect === null) return 'What the emails add is not known, so no ratio to it is either.';
  if (effect.expected < 0.5) return 'The projected effect is none, or harm: the credit says nothing about it.';
  const ratio = credited / effect.expected;
  return `That is ${ratio >= 10 ? count(ratio) : ratio.toFixed(1)} times the projected effect.`;
}

export function AttributedSection({ onOpen, ...props }: AttributedProps & { readonly onOpen: () => void }) {
  const { attributed, projection, terms } = props;
  const { credited, anyway } = creditedCounts(attributed);
  return (
    <PanelSection title="What your email tool would report">
      <p className="note">
        <button type="button" className="figure-btn" onClick={onOpen}>
          <b>
            {count(credited)} attributed {Math.round(credited) === 1 ? terms.goal : terms.goals}
          </b>
        </button>{' '}
        ({ruleWords(attributed)}). {count(anyway)} of them {Math.round(anyway) === 1 ? 'comes' : 'come'} anyway.{' '}
        {overCredit(attributed, projection)}
      </p>
    </PanelSection>
  );
}

export function ruleWords({ rule }: Attributed): string {
  return `${duration(rule.withinMs)} after an email, ${MODEL_WORDS[rule.model]}`;
}

const MODEL_WORDS: Readonly<Record<Attributed['rule']['model'], string>> = {
  last: 'to the last one',
  first: 'to the first one',
  linear: 'in equal parts',
  decay: 'more to the later ones',
  position: '40% each to the first and the last',
};

export function AttributedTable({ attributed, terms }: Pick<AttributedProps, 'attributed' | 'terms'>) {
  const { steps, anyway, because, credited } = creditedCounts(attributed);
  return (
    <div className="panel-table">
      <Table
        label={`${capital(terms.goals)} credited, by email`}
        compact
        columns={[
          { label: 'Email' },
          { label: 'Anyway', align: 'right' },
          { label: 'Because', align: 'right' },
          { label: 'Credited', align: 'right' },
        ]}
        rows={[
          ...steps.map((step) => ({
            key: step.id,
            cells: [step.id, count(step.anyway), count(step.because), count(step.anyway + step.because)],
          })),
          { key: 'all', as: 'total' as const, cells: ['All', count(anyway), count(because), count(credited)] },
        ]}
      />
    </div>
  );
}

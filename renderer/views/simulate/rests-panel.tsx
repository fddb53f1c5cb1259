// What the selected figure rests on, in one order for all: value and interval, words, where the width comes from, inputs,
// what was left out, what would narrow it, the stamp.

import type { ReactNode } from 'react';
import type { BreakdownAnswer, ProjectAnswer } from '../../../engine/api/index.ts';
import {
  type Currency,
  capital,
  count,
  humanDuration as duration,
  interval,
  percent,
  plural,
  sentence,
  signedCount,
  signedMoney,
} from '../../../engine/base/index.ts';
import { emailsSent } from '../../../engine/projection/index.ts';
import { fromDataWords, known, type Terms, widthParts } from '../../../engine/report/index.ts';
import { Absent, Chip, type FigureKind, Projected } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Facts } from '../../ui/table.tsx';
import { type Attributed, AttributedSection, AttributedTable, creditedCounts, overCredit } from './attributed.tsx';
import { EconomicsField, Inputs } from './inputs.tsx';
import { SecondarySection } from './secondary.tsx';
import type { FigureName } from './strip.tsx';
import { harmWords } from './words.ts';

export type RestsFigure = FigureName | 'attributed';

export interface RestsPanelProps {
  readonly figure: RestsFigure;
  readonly projection: ProjectAnswer;
  readonly terms: Terms;
  readonly currency: Currency;
  readonly isStale: boolean;
  /** Null while it is asked for. */
  readonly breakdown: BreakdownAnswer | null;
  readonly onOpen: (figure: RestsFigure) => void;
}

const EFFECT: ReadonlySet<string> = new Set([
  'level',
  'curve',
  'weights',
  'harmWeights',
  'delay',
  'p',
  'harm',
  'repeat',
]);

export function RestsPanel(props: RestsPanelProps) {
  const { figure, projection, terms, breakdown, onOpen } = props;
  const attributed = breakdown?.attributed ?? null;
  if (figure === 'attributed' && attributed !== null) return <AttributedRests {...props} attributed={attributed} />;
  return (
    <OwnRests {...props} figure={figure === 'attributed' ? 'because' : figure}>
      {attributed !== null && projection.identified === true && (
        <AttributedSection
          attributed={attributed}
          projection={projection}
          terms={terms}
          onOpen={() => onOpen('attributed')}
        />
      )}
    </OwnRests>
  );
}

function OwnRests(
  props: Omit<RestsPanelProps, 'figure'> & { readonly figure: FigureName; readonly children: ReactNode },
) {
  const { figure, projection, terms, currency, isStale, children } = props;
  const { label, kind, value, range, words } = said(figure, projection, terms, currency);
  const { stamp, cheapestTest, assumptions, incremental, profit, identified } = projection;
  const isKnown = figure === 'profit' ? known(profit) !== null : known(incremental) !== null;
  const shares = kind === 'projected' && isKnown ? incremental.shares : null;
  return (
    <>
      <PanelSection>
        <p className="small">{label}</p>
        <p className={isStale ? 'rests-value stale' : 'rests-value'}>
          {value} {range !== null && <span className="rests-range">{range}</span>}
        </p>
        <div className="chips">
          <Chip kind={kind} />
        </div>
        {words.map((one) => (
          <p key={one} className="note">
            {one}
          </p>
        ))}
      </PanelSection>
      {shares !== null && (
        <Width shares={shares} isOfProfit={figure === 'profit'} terms={terms} fromData={fromDataWords(incremental)} />
      )}
      <PanelSection title="Inputs">
        {kind === 'counted' ? (
          <p className="note">The events of the history and the rules of the workflow. Nothing is assumed.</p>
        ) : identified !== true ? (
          <p className="note">No assumption decides this: the bounds hold whatever the effect of the emails is.</p>
        ) : (
          <>
            <Inputs assumptions={inputsOf(figure, assumptions)} currency={currency} />
            {figure === 'profit' && !assumptions.some(({ name }) => name === 'margin') && (
              <div className="input-row">
                <EconomicsField name="margin" />
              </div>
            )}
          </>
        )}
      </PanelSection>
      <PanelSection title="Left out">
        <p className="note">{leftOut(figure, projection)}</p>
      </PanelSection>
      {kind === 'projected' && (
        <PanelSection title="What would narrow it">
          <p className="note">{sentence(cheapestTest.text)}</p>
        </PanelSection>
      )}
      {figure !== 'profit' && children}
      {(figure === 'anyway' || figure === 'profit') && (
        <SecondarySection projection={projection} currency={currency} isOfProfit={figure === 'profit'} />
      )}
      <StampSection stamp={stamp} />
    </>
  );
}

function StampSection({ stamp }: Pick<ProjectAnswer, 'stamp'>) {
  return (
    <PanelSection title="Stamp">
      <p className="mono">
        data {stamp.history.slice(0, 8)} · workflow {stamp.workflow.slice(0, 8)} · v{stamp.version} · seed {stamp.seed}
      </p>
    </PanelSection>
  );
}

/** A rule's figure: what the rule is stands in the place of inputs, and it has no interval, for it is no estimate. */
function AttributedRests({
  attributed,
  projection,
  terms,
  isStale,
}: RestsPanelProps & { readonly attributed: Attributed }) {
  const { credited, anyway, because } = creditedCounts(attributed);
  const { horizon, mailed, incomplete, stamp } = projection;
  const { model, withinMs, halfLifeMs } = attributed.rule;
  return (
    <>
      <PanelSection>
        <p className="small">{capital(terms.goals)} credited to the emails</p>
        <p className={isStale ? 'rests-value stale' : 'rests-value'}>{count(credited)}</p>
        <div className="chips">
          <Chip kind="attributed" />
        </div>
        <p className="note">
          An email tool would report these. Of them {count(anyway)} come anyway and {count(because)} come because of the
          emails, on the assumed effect. {overCredit(attributed, projection)}
        </p>
      </PanelSection>
      <PanelSection title="By email">
        <AttributedTable attributed={attributed} terms={terms} />
      </PanelSection>
      <PanelSection title="The rule">
        <Facts
          facts={[
            { name: 'Attribution window', value: duration(withinMs) },
            { name: 'Shared out', value: capital(MODEL_NAMES[model]) },
            ...(model === 'decay' ? [{ name: 'Weights halve in', value: duration(halfLifeMs) }] : []),
            { name: 'Goal window', value: duration(horizon) },
          ]}
        />
        <p className="note">
          The first runs from an email, the second from the trigger. Both are the workflow's (attribution, goal). A rule
          says who is credited, not what an email changed.
        </p>
      </PanelSection>
      <PanelSection title="Left out">
        <p className="note">
          {capital(terms.goals)} that an email keeps from coming are in no report, so its part is no net effect. Only
          the {plural(mailed, 'run', 'runs')} that are emailed can be credited; {plural(incomplete, 'run', 'runs')}{' '}
          whose {duration(horizon)} are not over count in neither.
        </p>
      </PanelSection>
      <StampSection stamp={stamp} />
    </>
  );
}

const MODEL_NAMES: Readonly<Record<Attributed['rule']['model'], string>> = {
  last: 'the last email gets it all',
  first: 'the first email gets it all',
  linear: 'in equal parts',
  decay: 'more to later emails',
  position: '40% first, 40% last, the rest between',
};

/** Of profit the money first, then what it shares with the effect. */
function inputsOf(figure: FigureName, assumptions: ProjectAnswer['assumptions']) {
  const effect = assumptions.filter(({ name }) => EFFECT.has(name));
  return figure === 'profit' ? [...assumptions.filter(({ name }) => !EFFECT.has(name)), ...effect] : effect;
}

interface Said {
  readonly label: string;
  readonly kind: FigureKind;
  readonly value: ReactNode;
  readonly range: string | null;
  readonly words: readonly string[];
}

function said(figure: FigureName, projection: ProjectAnswer, terms: Terms, currency: Currency): Said {
  const { organic, incremental, eligible, mailed, horizon, profit, replay, identified } = projection;
  const why = (reason: string | undefined) => (reason === undefined ? [] : [sentence(reason)]);
  const absent = (reason: string | undefined, words = 'not known') => ({
    value: <Absent>{words}</Absent>,
    range: null,
    words: why(reason),
  });
  switch (figure) {
    case 'anyway': {
      const base = { label: `${capital(terms.goals)} that come anyway`, kind: 'counted' } as const;
      if (organic.conversions === null) return { ...base, ...absent(organic.reason) };
      if (organic.rate === null) return { ...base, ...absent(organic.reason, 'none to count') };
      const { low, high } = organic;
      const range =
        low === null || high === null
          ? null
          : `${percent(organic.rate)} of runs, ${interval([low, high], (x) => percent(x))}`;
      return {
        ...base,
        value: count(organic.conversions),
        range,
        words: [
          `Of ${plural(eligible, 'run', 'runs')} watched for the whole ${duration(horizon)}, ${count(organic.conversions)} reach the goal in the history, where none of these emails was sent. Both arms count.`,
        ],
      };
    }
    case 'because': {
      const base = { label: `Because, projected ${terms.goals}`, kind: 'projected' } as const;
      const effect = known(incremental);
      if (effect === null) {
        const { low, high } = incremental;
        const range = low === null || high === null ? null : `between ${signedCount(low)} and ${signedCount(high)}`;
        return { ...base, ...absent(incremental.reason), range };
      }
      const { gained, lost } = incremental;
      const harm = harmWords(projection, terms);
      return {
        ...base,
        value: <Projected>{signedCount(effect.expected)}</Projected>,
        range: interval([effect.low, effect.high], signedCount),
        words: [
          ...(harm === null ? [] : [harm]),
          ...(gained === null || lost === null
            ? []
            : [
                `On average ${count(gained)} come that would not, and ${count(lost)} that would have come do not, among ${plural(mailed, 'run', 'runs')} that are emailed.`,
              ]),
        ],
      };
    }
    case 'profit': {
      const base = { label: 'Profit, projected', kind: 'projected' } as const;
      const found = known(profit);
      if (found === null) return { ...base, ...absent(profit.reason) };
      const money = (amount: number) => signedMoney(amount, currency, found.high - found.low);
      return {
        ...base,
        value: <Projected>{money(found.expected)}</Projected>,
        range: interval([found.low, found.high], money),
        words: [
          'Margin on what is added, less discounts, sending and, where priced, subscribers lost. Means of the draws.',
        ],
      };
    }
    case 'emails': {
      const each = replay.steps.map(({ sent }, i) => `email ${i + 1} to ${count(sent)}`).join(', ');
      return {
        label: 'Emails that would be sent',
        kind: 'counted',
        value: count(emailsSent(projection.replay)),
        range: null,
        words: [
          each === '' ? 'The sequence sends none.' : `${capital(each)}.`,
          `The history as it was: ${identified === true ? `emails stop at the goal, and those who come because of one would stop sooner.` : 'emails stop at the goal.'}`,
        ],
      };
    }
  }
}

function Width({
  shares,
  isOfProfit,
  terms,
  fromData,
}: {
  readonly shares: NonNullable<ProjectAnswer['incremental']['shares']>;
  readonly isOfProfit: boolean;
  readonly terms: Terms;
  /** How much is data, in words. */
  readonly fromData: string | null;
}) {
  const parts = widthParts(shares);
  return (
    <PanelSection title={isOfProfit ? `Where the width comes from, in ${terms.goals}` : 'Where the width comes from'}>
      <div className="width-bar" aria-hidden="true">
        {parts.map(({ label, percent: part }) => (
          <span key={label} style={{ flexGrow: part }} />
        ))}
      </div>
      <Facts facts={parts.map(({ note, text }) => ({ name: WIDTH_NAMES[note] ?? capital(note), value: text }))} />
      <p className="note">Only a randomised holdout shrinks the first.{fromData === null ? '' : ` ${fromData}`}</p>
    </PanelSection>
  );
}

/** Shorter than on a page: the panel is narrow. */
const WIDTH_NAMES: Readonly<Record<string, string>> = {
  'person by person, even if the effect were known': 'Chance, person by person',
  'which people this history happened to see': 'Which people were seen',
};

function leftOut(figure: FigureName, { incomplete, replay, horizon }: ProjectAnswer): string {
  const pending = `${plural(replay.pending, 'trigger', 'triggers')} still waiting at the end of the history`;
  if (figure === 'emails') {
    const due = replay.steps.reduce((sum, step) => sum + step.pending, 0);
    return `${capital(pending)}, and ${plural(due, 'email', 'emails')} due after it.`;
  }
  return `${plural(incomplete, 'run', 'runs')} whose ${duration(horizon)} are not over, and ${pending}.`;
}

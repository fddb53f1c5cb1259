// The secondary goals of the workflow, counted in this history, and what a conversion brings later.

import type { ProjectAnswer } from '../../../engine/api/index.ts';
import { type Currency, money, orNotKnown, percent, plural } from '../../../engine/base/index.ts';
import { laterWords, type SecondaryFigure, secondaryLeftOut, secondaryTitle } from '../../../engine/value/index.ts';
import { Chip } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Facts } from '../../ui/table.tsx';

export interface SecondarySectionProps {
  readonly projection: Pick<ProjectAnswer, 'secondary' | 'later'>;
  readonly currency: Currency;
  /** Only the later value, beside a profit. */
  readonly isOfProfit: boolean;
}

export function SecondarySection({ projection, currency, isOfProfit }: SecondarySectionProps) {
  const { secondary = [], later } = projection;
  if (isOfProfit) {
    if (later === undefined) return null;
    return (
      <PanelSection title="With what comes later">
        <div className="chips">
          <Chip kind="projected" />
        </div>
        {laterWords(later, currency).map((words) => (
          <p className="note" key={words}>
            {words}
          </p>
        ))}
      </PanelSection>
    );
  }
  if (secondary.length === 0) return null;
  return (
    <PanelSection title="Secondary goals, counted">
      {secondary.map((figure) => (
        <SecondaryGoal key={figure.id} figure={figure} currency={currency} />
      ))}
    </PanelSection>
  );
}

/** Both arms show what comes anyway, so both are counted. */
function SecondaryGoal({ figure, currency }: { readonly figure: SecondaryFigure; readonly currency: Currency }) {
  const { treated, holdout, reached, notReached, metric, reason } = figure;
  if (reason !== undefined) return <p className="note">{reason}</p>;
  const show = (group: SecondaryFigure['treated']) =>
    metric === 'value'
      ? orNotKnown(group.perPerson, (x) => `${money(x, currency)} a person`)
      : orNotKnown(group.rate, (x) => percent(x));
  const rows = [
    { name: 'Of the treated', group: treated },
    { name: 'Of those held out', group: holdout },
    ...(reached === null ? [] : [{ name: 'Of those who reached the goal', group: reached }]),
    ...(notReached === null ? [] : [{ name: 'Of those who did not', group: notReached }]),
  ];
  const left = secondaryLeftOut(figure);
  return (
    <>
      <p className="note">{secondaryTitle(figure)}.</p>
      <Facts
        facts={rows
          .filter(({ group }) => group.n > 0)
          .map(({ name, group }) => ({ name, value: `${show(group)}, ${plural(group.n, 'person', 'people')}` }))}
      />
      {reached !== null && (
        <p className="note">The goal and staying go together; neither is shown to cause the other.</p>
      )}
      {left !== null && <p className="note">{left}</p>}
    </>
  );
}

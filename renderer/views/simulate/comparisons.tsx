// Where everybody was emailed: what the history still allows to compare, each with the way it errs, and the holdout that
// would settle it. No comparison is an estimate of what the emails add, and none is averaged with another.

import type { ProjectAnswer } from '../../../engine/api/index.ts';
import { capital, count, percent, points, sentence, weeks } from '../../../engine/base/index.ts';
import { testInReach } from '../../../engine/projection/index.ts';
import { useActions, useWindow } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Absent } from '../../ui/figures.tsx';
import { useEdit } from '../workflow/use-edit.ts';

type Identified = Exclude<ProjectAnswer['identified'], true>;
type Comparison = Identified['comparisons'][number];

const TITLES: Readonly<Record<Comparison['kind'], string>> = {
  pause: 'A pause of the emails',
  beforeLaunch: 'Before the first email',
  notMailed: 'People who got none',
  unreachable: 'People who cannot be emailed',
};

export function Comparisons({ projection }: { readonly projection: ProjectAnswer }) {
  const { identified, cheapestTest } = projection;
  if (identified === true) return null;
  const { cheapest } = testInReach(cheapestTest);
  return (
    <>
      {identified.comparisons.length > 0 && (
        <section className="comparisons">
          <h2>
            What can be compared <span className="small">each errs its own way; none says what the emails add</span>
          </h2>
          <ul>
            {identified.comparisons.map((one) => (
              <ComparisonItem key={one.kind} comparison={one} />
            ))}
          </ul>
        </section>
      )}
      {cheapest !== null && <Holdout cheapest={cheapest} />}
    </>
  );
}

function ComparisonItem({ comparison }: { readonly comparison: Comparison }) {
  const { kind, label, bias, mailed, others, difference, interval, placebo, contradictsBounds, reason } = comparison;
  return (
    <li>
      <div className="comparison-head">
        <b>{TITLES[kind]}</b>
        {difference === null || interval === null ? (
          <Absent>not known</Absent>
        ) : (
          <span>
            <b>{points(difference)} pp</b>{' '}
            <span className="small">
              95% interval {points(interval[0])} to {points(interval[1])}
            </span>
          </span>
        )}
      </div>
      <p className="small">
        {sentence(capital(label))}{' '}
        {difference === null
          ? sentence(reason ?? 'Not estimable')
          : `${percent(mailed.converted / mailed.n, 1)} of ${count(mailed.n)} against ${percent(others.converted / others.n, 1)} of ${count(others.n)}.`}
        {placebo !== null && ` ${percent(placebo)} of made-up pauses as long differ as much.`}
      </p>
      <p className="small comparison-bias">
        {bias}
        {contradictsBounds && ' It contradicts the bounds, so the two groups differ otherwise.'}
      </p>
    </li>
  );
}

type Cheapest = NonNullable<ProjectAnswer['cheapestTest']['cheapest']>;

function Holdout({ cheapest }: { readonly cheapest: Cheapest }) {
  const file = useWindow(({ workflow }) => workflow.file);
  const { notify } = useActions();
  const edit = useEdit();
  const { fraction, holdout } = cheapest;
  const share = percent(fraction);
  const isPlanned = heldOut(file) === fraction;
  const plan = () => {
    const wrong = edit.set([{ path: 'holdout.fraction', value: fraction }], `hold out ${share}`);
    if (wrong === null) notify(`Holdout set to ${share}`, { undo: true });
    else notify(`The holdout was not set: ${wrong}`);
  };
  return (
    <section className="holdout-plan">
      <div>
        <h2>The cheapest holdout that would tell</h2>
        <p className="small">
          {share} held out for {weeks(cheapest.weeks)}, {count(holdout)} people.
          {isPlanned && ' The workflow holds out as many.'}
        </p>
      </div>
      {!isPlanned && (
        <Button edits onClick={plan}>
          Plan it
        </Button>
      )}
    </section>
  );
}

function heldOut(file: Readonly<Record<string, unknown>> | null): number | null {
  const holdout = file?.['holdout'];
  if (typeof holdout !== 'object' || holdout === null) return null;
  const { fraction } = holdout as { readonly fraction?: unknown };
  return typeof fraction === 'number' ? fraction : null;
}

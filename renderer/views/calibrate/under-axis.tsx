// Under the survival curve, on its axis: who is still watched and what share has converted; what randomised studies
// found at which delay; when this workflow's emails leave.

import { memo, useMemo } from 'react';
import { capital } from '../../../engine/base/index.ts';
import type { Terms } from '../../../engine/report/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { atRiskRows, type SurvivalInput, survivalScale } from '../../charts/survival.ts';
import { type TimeScale, xOfTime } from '../../charts/time-scale.ts';
import type { EmailMoment } from './emails.ts';
import { type EmailHand, EmailsLine } from './emails-line.tsx';

const MINUTE = 60_000;
const DAY = 86_400_000;

export interface UnderAxisProps {
  readonly input: Pick<SurvivalInput, 'calibration' | 'rungs'>;
  readonly size: ChartSize;
  readonly terms: Terms;
  readonly emails: readonly EmailMoment[];
  readonly hand: EmailHand;
  /** Whether studies of reminders about carts apply. */
  readonly isCart: boolean;
}

export function UnderAxis({ input, size, terms, emails, hand, isCart }: UnderAxisProps) {
  const scale = useMemo(() => survivalScale(input, size), [input, size]);
  return (
    <div className="under-axis" style={{ width: size.width }}>
      <AtRisk input={input} width={size.width} scale={scale} terms={terms} />
      <div className="under-line" />
      <Studies scale={scale} isCart={isCart} terms={terms} />
      <EmailsLine scale={scale} emails={emails} hand={hand} />
    </div>
  );
}

const AtRisk = memo(function AtRisk({
  input,
  width,
  scale,
  terms,
}: {
  readonly input: UnderAxisProps['input'];
  readonly width: number;
  readonly scale: TimeScale;
  readonly terms: Terms;
}) {
  const columns = atRiskRows(input, width);
  const shown = columns.filter((_, i) => i > 0);
  const row = (name: string, key: 'watched' | 'converted') => (
    <div className="under-row">
      <span className="under-name">{name}</span>
      {shown.map((column, i) => (
        <span
          key={column.ms}
          className={i === shown.length - 1 ? 'under-cell last' : 'under-cell'}
          style={{ left: xOfTime(scale, column.ms) }}
        >
          {column[key]}
        </span>
      ))}
    </div>
  );
  return (
    // The table of the chart (T) says the same to those who do not see the places.
    <div className="at-risk" aria-hidden="true">
      {row('Still watched', 'watched')}
      {row(capital(terms.done), 'converted')}
    </div>
  );
});

/** Signs only: the study gives no sizes. Li, Luo, Lu & Moriguchi, Journal of Marketing 2021. */
function Studies({
  scale,
  isCart,
  terms,
}: {
  readonly scale: TimeScale;
  readonly isCart: boolean;
  readonly terms: Terms;
}) {
  if (!isCart) {
    return (
      <div className="under-row">
        <span className="under-name">Studies</span>
        <span className="under-words" style={{ left: scale.left }}>
          no randomised study of the delay is known for this kind of email
        </span>
      </div>
    );
  }
  const span = (from: number, to: number) => {
    const x = xOfTime(scale, from);
    return { left: x, width: Math.max(2, xOfTime(scale, to) - x) };
  };
  const fewer = span(30 * MINUTE, 60 * MINUTE);
  const more = span(DAY, 3 * DAY);
  const end = more.left + more.width;
  // Before it where the axis ends behind it.
  const besideMore = end > scale.right - 30 ? { left: more.left - 6, translate: '-100% 0' } : { left: end + 6 };
  return (
    <div className="under-row">
      <span className="under-name">Studies</span>
      <span className="study study-fewer" style={fewer} />
      <span className="under-words end" style={{ right: `calc(100% - ${fewer.left - 6}px)` }}>
        fewer {terms.goals}
      </span>
      <span className="study study-more" style={more} />
      <span className="under-words" style={besideMore}>
        more
      </span>
      <span className="sr-only">
        A randomised study found fewer {terms.goals} where the reminder left 30 to 60 min after the cart, and more where
        it left after 1 to 3 d.
      </span>
    </div>
  );
}

// Which assumption matters, as a tornado in a terminal: widest first, a bar for how wide, the ends it was moved to.

import { money, orNotKnown, percent, rounded, signed } from '../../../base/index.ts';
import type { Sensitivity, Swing, SwingEnd } from '../../../projection/index.ts';
import { paragraphs, table } from '../table.ts';

const BAR = 20;

/** @param answer null where nothing is projected */
export function sensitivityLines(answer: Sensitivity | null): string[] {
  if (answer === null) return ['Which assumption matters: nothing is projected, so none does.'];
  const { swings, by, middle, breakEven } = answer;
  const show = by === 'profit' ? money : signed;
  const worth = (end: SwingEnd | Sensitivity['middle']) => (by === 'profit' ? end.profit : end.conversions);
  const widest = swings[0]?.width ?? 0;
  const bar = ({ width }: Swing) => (widest === 0 ? '' : '#'.repeat(Math.round((width / widest) * BAR)));
  const flips = swings.filter((swing) => swing.flips).map(({ name }) => name);
  const ends = swings.map(
    ({ name, kind, grade, range, low, high, source }) =>
      `${name}: ${low.value} to ${high.value} (${range}); ${kind}${grade === null ? '' : `, grade ${grade}`}; ${source}`,
  );
  return [
    `Which assumption matters: each moved alone, all others in the middle (${by} ${orNotKnown(worth(middle), show)})`,
    table(
      ['moved', 'what it is', 'low end', 'high end', ''],
      swings.map((swing) => [
        swing.name,
        swing.kind,
        orNotKnown(worth(swing.low), show),
        orNotKnown(worth(swing.high), show),
        bar(swing),
      ]),
    ),
    ...paragraphs(ends, 2, 4),
    ...paragraphs(
      [
        flips.length === 0
          ? `None of them alone turns ${by === 'profit' ? 'profit into loss' : 'more conversions into fewer'}.`
          : `Alone enough to turn ${by === 'profit' ? 'profit into loss or back' : 'more conversions into fewer or back'}: ${flips.join(', ')}.`,
        ...(breakEven === null
          ? []
          : [
              `The emails pay from an odds ratio of ${rounded(breakEven.oddsRatio, 4)}; the chance that it is higher is ${percent(breakEven.pAbove, 0)}.`,
            ]),
      ],
      2,
      4,
    ),
  ];
}

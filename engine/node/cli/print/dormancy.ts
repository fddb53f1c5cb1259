// Silence and return, for people: how many come back after how long, how many alarms would be false, how long people
// decline before they go, and whether each person's own rhythm is the better measure.

import {
  exactCount,
  exactPlural,
  humanDuration,
  orNotKnown,
  percent,
  points,
  range,
  rounded,
} from '../../../base/index.ts';
import { type Dormancy, FEWEST_SILENCES, RHYTHM_FACTOR, type RhythmRule } from '../../../calibrate/index.ts';
import { paragraphs, table } from '../table.ts';

/** Its verdict is the recommended window's. */
export function dormancyLines({ within, churn, curve, decline, ownRhythm = null, entered }: Dormancy): string[] {
  const said: string[] = [
    `False alarms: silent people who come back by themselves before ${humanDuration(churn)}; nobody is held for gone earlier. Each person counts once, however often they fall silent.`,
  ];
  if (entered !== undefined && entered.late > 0) {
    said.push(
      `${exactPlural(entered.late, 'silence')} ran already when observation began: watched from there on.${entered.leftOut > 0 ? ` ${exactCount(entered.leftOut)} that were over by then are left out.` : ''}`,
    );
  }
  if (decline.weeks !== null) {
    const { people, median, q1, q3 } = decline.weeks;
    said.push(
      `Before they went, people were below half of their usual active days for ${rounded(median)} weeks in the middle (half of ${exactCount(people)} between ${rounded(q1)} and ${rounded(q3)}).`,
    );
  }
  return [
    table(
      ['silent for', `return unaided within ${humanDuration(within)}`, '95% interval', 'false alarms', '95% interval'],
      curve.map((point) => [
        humanDuration(point.inactive),
        share(point.returns),
        between(point.low, point.high),
        share(point.falseAlarms?.value ?? null),
        between(point.falseAlarms?.low ?? null, point.falseAlarms?.high ?? null),
      ]),
    ),
    ...paragraphs(said, 2, 4),
    ...(ownRhythm === null
      ? []
      : [
          '',
          table(
            [
              'alarm after',
              'alarms',
              'silence waited for',
              `back within ${humanDuration(within)}`,
              'false alarms',
              'goodbyes noticed',
            ],
            ownRhythm.rules.map((rule) => [
              RULES[rule.rule],
              exactCount(rule.fires),
              orNotKnown(rule.after, humanDuration, 'no alarm'),
              share(rule.returns),
              share(rule.falseAlarms),
              share(rule.noticed),
            ]),
          ),
          ...paragraphs(
            [
              `On the same ${exactPlural(ownRhythm.silences, 'silence')} of ${exactPlural(ownRhythm.people, 'person', 'people')} with at least ${FEWEST_SILENCES} before them; own rhythm is ${RHYTHM_FACTOR} times the middle one of those.`,
              ...ownRhythm.rules.flatMap(comparedWords),
            ],
            2,
            4,
          ),
        ]),
  ];
}

const RULES: Readonly<Record<RhythmRule['rule'], string>> = {
  own: 'own rhythm',
  recommended: 'the recommended silence',
  loaded: 'the silence as it stands',
};

function comparedWords({ rule, ownMinusThis }: RhythmRule): string[] {
  if (ownMinusThis === null) return [];
  const { expected, low, high } = ownMinusThis;
  const verdict =
    low > 0
      ? 'more false alarms than'
      : high < 0
        ? 'fewer false alarms than'
        : 'no telling difference in false alarms to';
  return [
    `Own rhythm has ${verdict} ${RULES[rule]}: ${points(expected)} percentage points (95% interval ${range([low, high], points)}).`,
  ];
}

function share(value: number | null): string {
  return orNotKnown(value, (x) => percent(x, 1), 'not defined');
}

function between(low: number | null, high: number | null): string {
  return low === null || high === null ? 'not defined' : range([low, high], (x) => percent(x, 1));
}

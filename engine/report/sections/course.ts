// How episodes go on: the pace of those still waiting, other ends than the goal, and who never comes; for absence, when a
// silence is a goodbye.

import { exactCount, humanDuration, orNotKnown, percent, points, range, rounded } from '../../base/index.ts';
import type { Calibration, Dormancy } from '../../calibrate/index.ts';
import { absent, type Block, type Column, type Section } from '../document.ts';
import type { Terms } from '../types.ts';
import { courseFinding, endsWords, noOtherEnd, percentileRows, plateauWords } from '../words/course.ts';
import { declineWords, enteredWords, RULE_NAMES, rhythmWords, silenceFinding } from '../words/silence.ts';

const left = (label: string): Column => ({ label, align: 'left' });
const right = (label: string): Column => ({ label, align: 'right' });

export function courseSection(calibration: Calibration, terms: Terms): Section {
  const { competing = null, plateau, current, horizon } = calibration;
  const hazard = (calibration.hazard ?? []).filter(({ exposure }) => exposure > 0);
  const times = percentileRows(calibration);
  const blocks: Block[] =
    calibration.converted === 0
      ? []
      : [
          {
            type: 'table',
            table: {
              columns: [
                left('Between'),
                right(terms.goals),
                right('A day, of those waiting'),
                right('95% interval'),
                right(`Still to come within ${humanDuration(horizon)}`),
              ],
              rows: hazard.map((row) => ({
                cells: [
                  `${row.from === 0 ? '0' : humanDuration(row.from)} and ${humanDuration(row.to)}`,
                  exactCount(row.converted),
                  orNotKnown(row.perDay, (x) => rounded(x)),
                  row.low === null || row.high === null
                    ? absent('not defined')
                    : range([row.low, row.high], (x) => rounded(x)),
                  orNotKnown(row.stillConverts, (x) => percent(x, 1)),
                ],
              })),
            },
          },
          {
            type: 'facts',
            facts: times.map(({ name, value, interval }) => ({
              name,
              value:
                value === null
                  ? absent('too few')
                  : [value, { text: interval === null ? '' : ` ${interval}, 95% by person`, as: 'muted' }],
            })),
          },
          { type: 'text', text: competing === null ? noOtherEnd(terms) : endsWords(competing, terms) },
          { type: 'note', text: plateauWords(plateau, terms) },
        ];
  return {
    id: 'course',
    title: 'How it goes on',
    kind: 'counted',
    hint: 'How fast those still waiting come by themselves: what an email has to beat when it arrives.',
    finding: courseFinding(calibration, current.window, terms),
    blocks,
  };
}

/** @param loaded the silence the workflow waits for, ms */
export function silenceSection(dormancy: Dormancy, loaded: number): Section {
  const whole = (x: number) => percent(x, 1);
  const limits = (low: number | null | undefined, high: number | null | undefined) =>
    low == null || high == null ? absent('not defined') : range([low, high], whole);
  const { ownRhythm = null } = dormancy;
  const entered = enteredWords(dormancy);
  return {
    id: 'silence',
    title: 'When a silence is a goodbye',
    kind: 'counted',
    hint: `False alarms are silent people who come back by themselves before ${humanDuration(dormancy.churn)}. Each person counts once.`,
    finding: silenceFinding(dormancy, loaded),
    blocks: [
      {
        type: 'table',
        table: {
          columns: [
            left('Silent for'),
            right(`Return unaided within ${humanDuration(dormancy.within)}`),
            right('95% interval'),
            right('False alarms'),
            right('95% interval'),
          ],
          rows: dormancy.curve
            .filter(({ returns, falseAlarms }) => returns !== null || falseAlarms != null)
            .map(({ inactive, returns, low, high, falseAlarms }) => ({
              cells: [
                humanDuration(inactive),
                orNotKnown(returns, whole, 'not defined'),
                limits(low, high),
                orNotKnown(falseAlarms?.value, whole, 'not defined'),
                limits(falseAlarms?.low, falseAlarms?.high),
              ],
              ...(inactive === loaded ? { as: 'marked' as const } : {}),
            })),
        },
      },
      ...(ownRhythm === null
        ? []
        : [
            {
              type: 'table' as const,
              table: {
                columns: [
                  left('Alarm after'),
                  right('Silence'),
                  right('Alarms'),
                  right('False alarms'),
                  right('Goodbyes noticed'),
                  right('Own minus this, pp'),
                ],
                rows: ownRhythm.rules.map(({ rule, after, fires, falseAlarms, noticed, ownMinusThis }) => ({
                  cells: [
                    RULE_NAMES[rule],
                    after === null ? absent('no alarm') : humanDuration(after),
                    exactCount(fires),
                    orNotKnown(falseAlarms, whole, 'not defined'),
                    orNotKnown(noticed, whole, 'not defined'),
                    ownMinusThis === null
                      ? ''
                      : `${points(ownMinusThis.expected)} (${range([ownMinusThis.low, ownMinusThis.high], points)})`,
                  ],
                })),
              },
            },
          ]),
      { type: 'text', text: rhythmWords(dormancy) },
      { type: 'note', text: `${declineWords(dormancy)}${entered === null ? '' : ` ${entered}`}` },
    ],
  };
}

// The sentences of what matters: which assumption alone turns the answer, how much of it is data, where the emails begin
// to pay, and what each of them is for.

import type { ProjectAnswer } from '../../../engine/api.ts';
import {
  type Currency,
  capital,
  listed,
  percent,
  plural,
  range,
  rounded,
  sentence,
  signedCount,
} from '../../../engine/base/index.ts';
import { known, type Terms } from '../../../engine/report/index.ts';
import { type Emails, isByProfit } from '../../charts/each-email.ts';
import {
  KIND_WORDS,
  movingSwings,
  type Sensitivity,
  type Swing,
  swingName,
  worthAt,
  worthText,
} from '../../charts/tornado.ts';
import type { KeyFigure } from '../../ui/figures.tsx';
import type { RestsOn } from '../../ui/rests-panel.tsx';

export const MATTER_FIGURES = ['harm', 'measured', 'pays', 'widest'] as const;
export type MatterFigure = (typeof MATTER_FIGURES)[number];

export function mattersFinding(sensitivity: Sensitivity): string {
  const moving = movingSwings(sensitivity);
  const flips = moving.filter((swing) => swing.flips).map(swingName);
  const turn = sensitivity.by === 'profit' ? 'turn profit into loss' : 'turn more conversions into fewer';
  const [widest] = moving;
  if (widest === undefined) return 'Nothing that is assumed moves the answer.';
  if (flips.length === 0) return `No single assumption can ${turn}; ${swingName(widest)} moves it most.`;
  const others = moving.length - flips.length;
  const rest = others === 0 ? '' : `; ${plural(others, 'other', 'others')} cannot`;
  return `${capital(listed(flips))} alone can ${turn}${rest}.`;
}

type Answer = Pick<ProjectAnswer, 'incremental' | 'profit' | 'stamp' | 'incomplete'>;

export function matterFigures(answer: Answer, sensitivity: Sensitivity, terms: Terms, currency: Currency): KeyFigure[] {
  const { incremental } = answer;
  const measured = incremental.fromData?.effect ?? null;
  const [widest] = movingSwings(sensitivity);
  const { breakEven } = sensitivity;
  const absent = (words: string) => ({ value: words, absent: true });
  return [
    {
      key: 'harm',
      kind: 'projected',
      label: `Costs ${terms.goals}`,
      ...(incremental.pHarm === null
        ? absent('not known')
        : { value: percent(incremental.pHarm, 0), note: 'chance, on these assumptions' }),
    },
    {
      key: 'measured',
      label: 'Effect measured',
      ...(measured === null
        ? absent('not known')
        : measured === 0
          ? { value: 'nothing', absent: true, note: 'assumed throughout' }
          : { value: percent(measured, 0), note: 'the rest is assumed' }),
    },
    {
      key: 'pays',
      kind: 'projected',
      label: 'Pays from',
      ...(breakEven === null
        ? absent('not known')
        : { value: `× ${rounded(breakEven.oddsRatio, 4)} odds`, note: `${percent(breakEven.pAbove, 0)} likely` }),
    },
    {
      key: 'widest',
      kind: 'projected',
      label: 'Moves it most',
      ...(widest === undefined
        ? absent('nothing')
        : {
            value: capital(swingName(widest)),
            note: range([worthAt(sensitivity, widest.low), worthAt(sensitivity, widest.high)], (x) =>
              worthText(sensitivity, x, currency, widest.width),
            ),
          }),
    },
  ];
}

const SWING = 'swing:';

/** How a bar is selected. */
export function swingKey({ name }: Pick<Swing, 'name'>): string {
  return `${SWING}${name}`;
}

export function mattersRests(
  answer: Answer,
  sensitivity: Sensitivity,
  key: string | null,
  terms: Terms,
  currency: Currency,
): RestsOn | null {
  const base = {
    stamp: answer.stamp,
    leftOut: `${plural(answer.incomplete, 'run', 'runs')} whose goal window is not over.`,
  };
  const swing = sensitivity.swings.find((one) => swingKey(one) === key);
  if (swing !== undefined) {
    return {
      ...base,
      label: capital(swingName(swing)),
      value: range([worthAt(sensitivity, swing.low), worthAt(sensitivity, swing.high)], (x) =>
        worthText(sensitivity, x, currency, swing.width),
      ),
      kind: swing.kind === 'data' ? 'counted' : 'projected',
      words: swingWords(swing),
    };
  }
  const figure = matterFigures(answer, sensitivity, terms, currency).find((one) => one.key === key);
  if (figure === undefined) return null;
  const own = { ...base, label: String(figure.label), value: figure.value, kind: figure.kind ?? ('counted' as const) };
  switch (key as MatterFigure) {
    case 'harm':
      return {
        ...own,
        words: `In so many of the draws of the assumptions the emails are expected to cost ${terms.goals} rather than to add any. Chance person by person is not in it.`,
      };
    case 'measured':
      return {
        ...own,
        words: fromDataWords(answer.incremental) ?? 'Nothing is projected, so nothing is measured of it.',
      };
    case 'pays':
      return {
        ...own,
        words:
          sensitivity.breakEven === null
            ? 'Profit is not known, or no effect within reason pays for the emails.'
            : `With all else in the middle, the emails pay for themselves once they multiply the odds of the ${terms.goal} by ${rounded(sensitivity.breakEven.oddsRatio, 4)}. What is assumed, or was measured, lies above that with ${percent(sensitivity.breakEven.pAbove, 0)}.`,
      };
    case 'widest':
      return {
        ...own,
        words:
          'Each assumption is moved alone to both ends of its own range, all others in the middle, on the people of the history.',
      };
  }
}

export function swingWords(swing: Swing): string {
  const { low, high, range: how, kind, grade, source, flips } = swing;
  const flip = flips ? ' Alone it is enough to turn the answer.' : '';
  return `Moved from ${low.value} to ${high.value}: ${how}. ${capital(KIND_WORDS[kind])}${grade === null ? '' : `, grade ${grade}`}; ${sentence(source)}${flip}`;
}

/** Null where nothing is projected. */
export function fromDataWords({ fromData }: Pick<ProjectAnswer['incremental'], 'fromData'>): string | null {
  if (fromData === undefined) return null;
  const { effect, interval } = fromData;
  const first =
    effect === 0
      ? 'Who enrolls and who comes anyway is counted; what the emails change is assumed throughout.'
      : `Who enrolls and who comes anyway is counted; what the emails change is ${percent(effect, 0)} measured and ${percent(1 - effect, 0)} assumed.`;
  const second =
    interval === null ? '' : ` Of the interval's width, ${percent(interval, 0)} comes from data and chance.`;
  return `${first}${second}`;
}

/** What an email is for, in a sentence: the least of them first. */
export function emailsFinding(emails: Emails, terms: Terms): string {
  const byProfit = isByProfit(emails);
  const doubtful = emails.filter(({ conversions, profit }) => {
    const found = known(byProfit ? profit : conversions);
    return found !== null && found.expected <= 0;
  });
  const names = (which: Emails) => listed(which.map((one) => `email ${emails.indexOf(one) + 1}`));
  if (doubtful.length > 0) {
    return `${capital(names(doubtful))} ${doubtful.length === 1 ? 'is' : 'are'} expected to ${byProfit ? 'cost more than to bring' : `add no ${terms.goals}`}.`;
  }
  const last = emails.at(-1);
  const found = last === undefined ? null : known(last.conversions);
  if (last === undefined || found === null) return '';
  return `Beyond the others, email ${emails.length} adds ${signedCount(found.expected)} ${terms.goals}, ${range([found.low, found.high], signedCount)}.`;
}

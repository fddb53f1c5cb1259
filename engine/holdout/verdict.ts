// What a comparison comes to, in sentences with numbers and units. The verdict follows the Newcombe interval; where the
// test says otherwise, that is said too. A split that does not fit the plan withholds it.

import { interval, percent, plural, points, probability, range, rounded, signedPercent } from '../base/index.ts';
import { SAMPLE_RATIO_ALPHA } from '../stats/index.ts';
import type { ArmComparison } from './compare.ts';

export interface VerdictContext {
  readonly alpha: number;
  readonly controlArm: string;
}

type Figures = Omit<ArmComparison, 'verdict' | 'reasons' | 'reason'>;

/** The figures in a sentence, where there are any to be read, and what follows from them. */
export function verdictOn(figures: Figures, context: VerdictContext): string {
  const { arm, outcome, treated, control, difference, newcombe } = figures;
  const conclusion = conclusionOn(figures, context);
  if (isWithheld(figures) || difference === null || newcombe === null) return conclusion;
  const measured = [
    `${outcome === 'outcome' ? 'Measured' : `Measured for ${outcome}`}:`,
    `${percent(treated.rate as number)} of ${plural(treated.n, 'person', 'people')} (${arm})`,
    `against ${percent(control.rate as number)} of ${plural(control.n, 'person', 'people')} (${context.controlArm}),`,
    `${points(difference)} percentage points (${interval(newcombe, points, 1 - context.alpha)})${relative(figures)}.`,
  ].join(' ');
  return `${measured} ${conclusion}`;
}

/** What follows from the figures, without repeating them: for a reader who has them in a table. */
export function conclusionOn(figures: Figures, { alpha, controlArm }: VerdictContext): string {
  const { arm, treated, newcombe, srm } = figures;
  if (srm !== null && isWithheld(figures)) {
    return `Withheld: the sizes of the arms do not fit the planned split (chi-square ${rounded(srm.chi2, 4)}, p ${probability(srm.p)}), so something besides chance decided who came into which arm; find it before reading any figure.`;
  }
  if (newcombe === null) return `No verdict: nobody is in arm ${treated.n === 0 ? arm : controlArm}.`;
  const [low, high] = newcombe;
  const isShown = low > 0 || high < 0;
  const meaning =
    low > 0 ? 'The treatment raised the rate' : high < 0 ? 'The treatment lowered the rate' : 'Not decided';
  const why = isShown
    ? 'the interval leaves out 0'
    : 'the interval includes 0, so both a gain and a loss remain possible';
  return `${meaning}: ${why}.${disagreement(figures, isShown, alpha)}${running(figures, isShown)}`;
}

/** Whether the sizes of the arms fit the planned split too badly for any verdict. */
export function isWithheld({ srm }: Pick<Figures, 'srm'>): boolean {
  return srm !== null && srm.p < SAMPLE_RATIO_ALPHA;
}

function relative({ relative: { lift, interval: limits } }: Figures): string {
  if (lift === null) return '';
  return `, ${signedPercent(lift)} relative${limits === null ? '' : ` (${range(limits, signedPercent)})`}`;
}

function disagreement({ p, fisher }: Figures, isShown: boolean, alpha: number): string {
  const tests = [
    { name: 'the pooled z-test', p },
    { name: "Fisher's exact test", p: fisher?.p ?? null },
  ];
  const others = tests.filter((test) => test.p !== null && test.p < alpha !== isShown);
  if (others.length === 0) return '';
  const said = others.map((test) => `${test.name} (p ${probability(test.p as number)})`).join(' and ');
  return ` At the boundary ${said} ${others.length === 1 ? 'says' : 'say'} otherwise; the verdict follows the interval.`;
}

function running({ sequential }: Figures, isShown: boolean): string {
  if (!isShown) return '';
  if (sequential === null) return ' This holds if the sizes are the planned ones, not for a look at a running test.';
  const [low, high] = sequential.interval;
  return low > 0 || high < 0
    ? ' The interval that may be read at any time leaves out 0 as well.'
    : ` The interval that may be read at any time (${range(sequential.interval, points)}) still includes 0: if this is a look at a running test, let it run.`;
}

// A holdout plan and a holdout analysis, for people: every figure once, the arms side by side, what follows in words.

import type { TrafficAnswer } from '../../../api/index.ts';
import {
  capital,
  day,
  exactCount,
  exactPercent,
  listed,
  money,
  orNotKnown,
  percent,
  points,
  probability,
  range,
  rounded,
  sentence,
  signed,
  signedPercent,
} from '../../../base/index.ts';
import {
  type ArmComparison,
  armCreditWords,
  conclusionOn,
  type HoldoutAnalysis,
  type HoldoutPlan,
  isWithheld,
  type LooksReading,
  looksWords,
  type OtherQuestion,
  type PlanReading,
  planQuestion,
  planTitle,
} from '../../../holdout/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';

export function printPlan(plan: HoldoutPlan): string {
  const hasPrice = plan.fractions.some((row) => row.price !== undefined);
  const head = ['held out', 'treated', 'holdout', 'total', 'weeks', 'given up', ...(hasPrice ? ['price'] : [])];
  const rows = plan.fractions.map((row) => [
    exactPercent(row.fraction),
    exactCount(row.n.treated),
    exactCount(row.n.holdout),
    exactCount(row.n.total),
    orNotKnown(row.weeks, exactCount),
    rounded(row.foregone),
    ...(hasPrice ? [orNotKnown(row.price, money)] : []),
  ]);
  const { sequential } = plan;
  const daily = sequential.weeks === null ? '' : `, ${exactCount(sequential.weeks)} weeks`;
  return [
    ...wrapped(plan.verdict, 0),
    '',
    table(head, rows),
    '',
    ...paragraphs(
      [
        smallestChange(plan),
        `To be read every day instead of once at its end, by an always-valid interval: ${exactCount(sequential.n.total)} people (${rounded(sequential.factor)} times as many)${daily}.`,
        ...instead(plan),
        ...plan.notes,
      ],
      2,
      4,
    ),
  ].join('\n');
}

/** The same relative change asked of money and of the largest; nothing without a replay. */
export function printOthers(
  others: readonly OtherQuestion[],
  { fraction }: HoldoutPlan,
  traffic: Pick<TrafficAnswer, 'questions'> | null,
): string[] {
  if (others.length === 0) return [];
  const rows = others.map(({ key, kind, baseline, lift, n, weeks, smallest }) => {
    const from = traffic?.questions.find((question) => question.key === key)?.valueFrom ?? null;
    const isAmount = kind === 'amount';
    return [
      key === 'large' ? `the goal, from ${rounded(from ?? 0)} on` : 'money per person',
      isAmount ? money(baseline) : percent(baseline),
      isAmount ? signed(lift) : `${points(lift)} pp`,
      orNotKnown(n, ({ total }) => exactCount(total)),
      orNotKnown(weeks, exactCount),
      orNotKnown(smallest, exactPercent, 'none'),
    ];
  });
  return [
    '',
    ...wrapped(`The same relative change, asked of more than the goal, with ${exactPercent(fraction)} held out:`, 0),
    table(['question', 'without', 'change', 'people', 'weeks', 'in time from'], rows),
  ];
}

/** The verdict has said the first where nothing else answers. */
function instead({ instead: found, verdict }: HoldoutPlan): string[] {
  return found.filter(({ text }) => !verdict.includes(text)).map(({ text }) => `Instead: ${text}`);
}

/** What the plan that was locked before makes of the test. */
export function printUnderPlan({ plan, verdict, deviations }: PlanReading): string {
  return [
    ...wrapped(`${planTitle(plan)} (${plan.hash}). ${planQuestion(plan)}`, 0),
    ...paragraphs([plan.rule, verdict, ...deviations.map((one) => `Otherwise than planned: ${one}`)], 2, 4),
  ].join('\n');
}

/** This look and the earlier ones. */
export function printLooks(reading: LooksReading): string {
  const { looks, notices } = reading;
  return [
    ...wrapped(looksWords(reading), 0, 2),
    ...(looks.length < 2
      ? []
      : [
          table(
            ['look', 'on', 'people', 'always valid'],
            looks.map(({ at, treated, control, interval }, i) => [
              exactCount(i + 1),
              day(Date.parse(at)),
              exactCount(treated.n + control.n),
              orNotKnown(interval, (limits) => range(limits, points), 'too early'),
            ]),
          ),
        ]),
    ...paragraphs(notices, 2, 4),
  ].join('\n');
}

function smallestChange({ mde: { up, down, reason } }: HoldoutPlan): string {
  const shown = [up, down].filter((change) => change !== null).map(points);
  const words = shown.length === 0 ? 'none' : `${listed(shown, 'or')} percentage points`;
  return `The smallest change these sizes show: ${words}${reason === undefined ? '.' : `; ${reason}.`}`;
}

export function printAnalysis(analysis: HoldoutAnalysis): string {
  const { arms, control } = analysis;
  const treated = [...new Set(arms.map((entry) => entry.arm))];
  const outcomes = [...new Set(arms.map((entry) => entry.outcome))];
  const of = (outcome: string) => arms.filter((entry) => entry.outcome === outcome);
  const hasFigures = arms.some((entry) => entry.difference !== null);
  return [
    ...wrapped(
      `${listed(treated)} against ${control}${hasFigures ? `: differences in percentage points, with ${exactPercent(1 - analysis.alpha)} intervals, by Newcombe for one look at the end and always valid for looks at any time` : ''}.`,
      0,
    ),
    ...splitLines(analysis),
    ...outcomes.flatMap((outcome) => ['', ...outcomeLines(of(outcome), analysis)]),
    ...moneyLines(of(outcomes[0] ?? ''), analysis),
    ...(analysis.attributed === undefined ? [] : ['', ...paragraphs(analysis.attributed.map(armCreditWords), 0, 2)]),
    '',
    ...paragraphs(analysis.notes, 0, 2),
  ].join('\n');
}

/** Asked first: with a split that does not fit the plan every verdict is withheld, which is said once. */
function splitLines({ arms: [entry], alpha, control }: HoldoutAnalysis): string[] {
  if (entry === undefined) return [];
  const reason = entry.reasons?.['srm'];
  if (reason !== undefined) return wrapped(sentence(reason), 0);
  if (isWithheld(entry)) return wrapped(conclusionOn(entry, { alpha, controlArm: control }), 0);
  if (entry.srm === null) return [];
  const { chi2, p } = entry.srm;
  return wrapped(`Sizes against the planned split: chi-square ${rounded(chi2)}, p ${probability(p)}.`, 0);
}

function outcomeLines(entries: readonly ArmComparison[], { alpha, control }: HoldoutAnalysis): string[] {
  const [first] = entries;
  if (first === undefined) return [];
  const arms = [
    [control, exactCount(first.control.n), exactCount(first.control.x), rate(first.control.rate)],
    ...entries.map(({ arm, treated, difference, newcombe, sequential, relative, probabilityBetter }) => [
      arm,
      exactCount(treated.n),
      exactCount(treated.x),
      rate(treated.rate),
      orNotKnown(difference, points),
      orNotKnown(newcombe, (limits) => range(limits, points)),
      orNotKnown(sequential, (figure) => range(figure.interval, points), 'not yet'),
      orNotKnown(relative.lift, signedPercent),
      orNotKnown(probabilityBetter, nearly),
    ]),
  ];
  const conclusions = grouped(
    entries
      .filter((entry) => !isWithheld(entry))
      .map((entry) => ({ arm: entry.arm, text: conclusionOn(entry, { alpha, controlArm: control }) })),
    entries.length,
  );
  const said = conclusions.join(' ');
  const gaps = grouped(
    entries.flatMap((entry) =>
      reasonsOf(entry)
        .filter((text) => !said.includes(text))
        .map((text) => ({ arm: entry.arm, text: sentence(text) })),
    ),
    entries.length,
  );
  return [
    capital(first.outcome),
    table(['arm', 'people', 'with it', 'rate', 'change', 'at the end', 'at any time', 'relative', 'P(better)'], arms),
    ...paragraphs([...conclusions, ...gaps], 2, 4),
  ];
}

/** Why a figure of the table is missing, each reason once. */
function reasonsOf({ reasons, relative }: ArmComparison): string[] {
  const named = Object.entries(reasons ?? {}).filter(([figure]) => figure !== 'srm' && figure !== 'value');
  const texts = named.map(([, reason]) => reason);
  if (relative.lift === null && relative.reason !== undefined) texts.push(relative.reason);
  return [...new Set(texts)];
}

/** Equal sentences once, with the arms they are about; no arm is named where it is about all of several or the only one. */
function grouped(said: readonly { readonly arm: string; readonly text: string }[], arms: number): string[] {
  const about = new Map<string, string[]>();
  for (const { arm, text } of said) about.set(text, [...(about.get(text) ?? []), arm]);
  return [...about].map(([text, names]) => {
    if (arms === 1) return text;
    return `${names.length === arms ? 'Each arm' : listed(names)}: ${text}`;
  });
}

function moneyLines(entries: readonly ArmComparison[], { alpha, control }: HoldoutAnalysis): string[] {
  const withMoney = entries.flatMap((entry) => (entry.value === null ? [] : [{ arm: entry.arm, value: entry.value }]));
  const [first] = withMoney;
  const reasons = [...new Set(entries.map((entry) => entry.reasons?.['value']).filter((text) => text !== undefined))];
  const missing = reasons.map((reason) => `No money is compared: ${reason}.`);
  if (first === undefined) return missing.length === 0 ? [] : ['', ...paragraphs(missing, 0, 2)];
  const rows = withMoney.map(({ arm, value }) => [
    arm,
    rounded(value.treated),
    signed(value.difference),
    range(value.interval, signed),
    orNotKnown(value.relative.lift, signedPercent),
    ...(value.capped === undefined
      ? []
      : [rounded(value.capped.cap), signed(value.capped.difference), range(value.capped.interval, signed)]),
  ]);
  const isCapped = withMoney.some(({ value }) => value.capped !== undefined);
  const level = `${exactPercent(1 - alpha)} interval`;
  const head = ['arm', 'mean', 'change', level, 'relative', ...(isCapped ? ['cut at', 'change', level] : [])];
  const warnings = [
    ...new Set(withMoney.flatMap(({ value }) => [...value.warnings, ...(value.besideReasons ?? []).map(sentence)])),
  ];
  return [
    '',
    'Money per person assigned, intervals by Welch',
    table(head, [[control, rounded(first.value.control)], ...rows]),
    ...besideLines(withMoney, control, level),
    ...paragraphs([...warnings, ...missing], 2, 4),
  ];
}

type MoneyRow = { readonly arm: string; readonly value: NonNullable<ArmComparison['value']> };

/** The same sharpened by the past, and divided by something. */
function besideLines(rows: readonly MoneyRow[], control: string, level: string): string[] {
  const sharpened = rows.flatMap(({ arm, value: { cuped } }) =>
    cuped === undefined
      ? []
      : [[arm, signed(cuped.difference), range(cuped.interval, signed), percent(cuped.explained)]],
  );
  const divided = rows.flatMap(({ arm, value: { ratio } }) => (ratio === undefined ? [] : [{ arm, ratio }]));
  const [first] = divided;
  return [
    ...(sharpened.length === 0
      ? []
      : [
          '',
          'The same, sharpened by what each was worth before',
          table(['arm', 'change', level, 'taken out'], sharpened),
        ]),
    ...(first === undefined
      ? []
      : [
          '',
          `Money per ${first.ratio.per}, with the person as its unit`,
          table(
            ['arm', 'mean', 'change', level],
            [
              [control, rounded(first.ratio.control)],
              ...divided.map(({ arm, ratio }) => [
                arm,
                rounded(ratio.treated),
                signed(ratio.difference),
                range(ratio.interval, signed),
              ]),
            ],
          ),
        ]),
  ];
}

/** A probability that data give is never 0 or 1, only too near to be told from it. */
function nearly(p: number): string {
  return percent(Math.min(Math.max(p, 1e-9), 1 - 1e-9), 1);
}

function rate(value: number | null): string {
  return orNotKnown(value, (x) => percent(x, 2), 'not defined');
}

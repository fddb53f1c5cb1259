// The page for one decision: launch this workflow, with which window, behind which holdout? It opens with the decision
// and its numbers; the evidence follows in the order in which a doubter asks.

import { count, day, percent, sentence, signedCount, signedMoney, weeks } from '../base/index.ts';
import { emailsSent } from '../projection/index.ts';
import { absent, type KeyFigure, type ReportDocument, type Text } from './document.ts';
import { known } from './estimates.ts';
import { timingSection, windowSection } from './sections/calibration.ts';
import { commandsSection, exportSection, limitsSection } from './sections/closing.ts';
import { courseSection, silenceSection } from './sections/course.ts';
import { decisionSection } from './sections/decision.ts';
import { holdoutSection, noHoldoutSection } from './sections/holdout.ts';
import { ledgerSection } from './sections/ledger.ts';
import { emailsSection, mattersSection } from './sections/matters.ts';
import { assumptionsSection, effectWords, projectionSection } from './sections/projection.ts';
import { sweepSection } from './sections/sweep.ts';
import { termsFor } from './terms.ts';
import type { DemoReportInput, Terms } from './types.ts';

export function demoReport(input: DemoReportInput): ReportDocument {
  const { dataset, workflow, currency, calibration, replay, sweep, projection, holdout, stamp, sensitivity, emails } =
    input;
  const terms = input.terms ?? termsFor(calibration.anchor, calibration.answer);
  return {
    title: `${workflow.name} on ${dataset.name}`,
    subject: workflow.name,
    question: 'Should it be launched, and how will we know?',
    headline: decision(input, terms),
    lead: lead(input),
    keyFigures: keyFigures(input, terms),
    sections: [
      decisionSection(input, terms),
      ledgerSection(replay, workflow.holdoutFraction),
      timingSection(calibration, terms),
      courseSection(calibration, terms),
      ...(calibration.dormancy === null ? [] : [silenceSection(calibration.dormancy, calibration.current.window)]),
      ...(sweep === null
        ? []
        : [windowSection(calibration, terms), sweepSection(sweep, calibration.current.window, terms, currency)]),
      projectionSection(projection, terms, currency),
      ...(emails == null || emails.length === 0 ? [] : [emailsSection(emails, terms, currency)]),
      ...(sensitivity == null ? [] : [mattersSection(sensitivity, currency)]),
      assumptionsSection(projection, currency),
      holdout === null ? noHoldoutSection(projection.cheapestTest.text) : holdoutSection(holdout, terms, currency),
      limitsSection(input.unknowns),
      ...(input.exportPlan === null ? [] : [exportSection(input.exportPlan)]),
      commandsSection(input.commands, {
        id: 'again',
        title: 'Make these figures again',
        finding: 'These commands make every figure on this page.',
        hint: 'Equal data, workflow, version and seed give equal figures, on every machine.',
      }),
    ],
    stamp: [
      { name: 'data', value: stamp.history },
      { name: 'workflow', value: stamp.workflow },
      { name: 'version', value: stamp.version },
      { name: 'seed', value: String(stamp.seed) },
      { name: 'observed', value: `${day(dataset.from)} to ${day(dataset.observedUntil)}` },
    ],
  };
}

/** One sentence: what to do, what comes anyway, and how far the rest can be trusted. */
function decision({ projection, holdout }: DemoReportInput, terms: Terms): Text {
  const { organic } = projection;
  const effect = known(projection.incremental);
  const share = holdout === null ? '' : `${percent(holdout.fraction, 0)} held out`;
  const test = holdout === null || holdout.weeks === null ? share : `${share} for ${weeks(holdout.weeks)}`;
  if (organic.conversions === null || effect === null) {
    const how = test === '' ? 'Test it before it is launched' : `Launch it only as a test, ${test}`;
    return `${how}: this history does not show what comes anyway, nor what the emails add.`;
  }
  const anyway = `${count(organic.conversions)} ${terms.goals} come anyway`;
  const evidence = `${anyway}; with the assumed effect ${effectWords(effect)}.`;
  if (effect.high < 0) return `Do not launch it as it is: ${evidence}`;
  if (holdout?.answerable === false) return `This traffic cannot tell whether the emails help: ${evidence}`;
  if (effect.low > 0) return `Launch it${test === '' ? '' : ` with ${test}`}: ${evidence}`;
  return `Launch it only as a test${test === '' ? '' : `, ${test}`}: ${evidence}`;
}

function lead({ dataset, workflow }: DemoReportInput): Text {
  const origin = dataset.synthetic ? 'a synthetic history with a known truth: ' : '';
  return `${sentence(workflow.sentence)} Replayed over ${origin}${count(dataset.events)} events of ${count(dataset.persons)} people, ${day(dataset.from)} to ${day(dataset.observedUntil)}.`;
}

function keyFigures({ projection, replay, currency }: DemoReportInput, terms: Terms): KeyFigure[] {
  const { organic, eligible } = projection;
  const effect = known(projection.incremental);
  const profit = known(projection.profit);
  const sent = emailsSent(replay);
  const figures: KeyFigure[] = [
    {
      label: 'Anyway',
      kind: 'counted',
      hue: 'anyway',
      value: organic.conversions === null ? absent('not known') : count(organic.conversions),
      note:
        organic.rate === null
          ? 'the history holds emails'
          : `${percent(organic.rate, 2)} of ${count(eligible)} enrolled`,
    },
    {
      label: 'Because',
      kind: 'projected',
      hue: 'because',
      value: effect === null ? absent('not known') : signedCount(effect.expected),
      note: effect === null ? 'bounds below' : `95% interval ${signedCount(effect.low)} to ${signedCount(effect.high)}`,
    },
  ];
  if (profit !== null) {
    const amount = (x: number) => signedMoney(x, currency, profit.high - profit.low);
    figures.push({
      label: 'Profit',
      kind: 'projected',
      hue: 'ink',
      value: amount(profit.expected),
      note: `95% interval ${amount(profit.low)} to ${amount(profit.high)}`,
    });
  }
  // Of the enrollments whose outcome is known, like the effect; not of everything sent.
  const perGoal =
    effect !== null && effect.expected >= 1 && projection.sends.expected !== null
      ? projection.sends.expected / effect.expected
      : null;
  figures.push({
    label: 'Emails',
    kind: 'counted',
    hue: 'ink',
    value: count(sent),
    note: perGoal === null ? 'over the whole history' : `${count(perGoal)} per ${terms.goal} added`,
  });
  return figures;
}

// The page for one decision: launch this workflow, with which window, behind which holdout? It opens with the decision
// and its numbers; the evidence follows in the order in which a doubter asks.

import { absent, type KeyFigure, type ReportDocument, type Text } from './document.ts';
import { count, day, percent, signedCount, signedMoney, weeks } from './format.ts';
import { timingSection, windowSection } from './sections/calibration.ts';
import { commandsSection, exportSection, limitsSection } from './sections/closing.ts';
import { holdoutSection } from './sections/holdout.ts';
import { ledgerSection, sentTotal } from './sections/ledger.ts';
import { assumptionsSection, effectWords, projectionSection } from './sections/projection.ts';
import { sweepSection } from './sections/sweep.ts';
import type { DemoReportInput } from './types.ts';

export function demoReport(input: DemoReportInput): ReportDocument {
  const { dataset, workflow, terms, currency, calibration, replay, sweep, projection, holdout } = input;
  const { stamp } = input;
  return {
    title: `${workflow.name} on ${dataset.name}`,
    subject: workflow.name,
    question: 'Should it be launched, and how will we know?',
    headline: decision(input),
    lead: lead(input),
    keyFigures: keyFigures(input),
    sections: [
      ledgerSection(replay, workflow.holdoutFraction),
      timingSection(calibration, terms),
      windowSection(calibration, terms),
      sweepSection(sweep, calibration.current.window, terms, currency),
      projectionSection(projection, terms, currency),
      assumptionsSection(projection),
      holdoutSection(holdout, terms, currency),
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
function decision({ projection, holdout, terms }: DemoReportInput): Text {
  const { organic, incremental } = projection;
  const { low, high } = incremental;
  const anyway =
    organic.conversions === null
      ? 'what comes anyway is not known'
      : `${count(organic.conversions)} ${terms.goals} come anyway`;
  const evidence = `${anyway}; with the assumed effect ${effectWords(incremental)}.`;
  const test = `${percent(holdout.fraction, 0)} held out${holdout.weeks === null ? '' : ` for ${weeks(holdout.weeks)}`}`;
  if (high < 0) return `Do not launch it as it is: ${evidence}`;
  if (holdout.answerable === false) return `This traffic cannot tell whether the emails help: ${evidence}`;
  if (low > 0) return `Launch it with ${test}: ${evidence}`;
  return `Launch it only as a test, ${test}: ${evidence}`;
}

function lead({ dataset, workflow }: DemoReportInput): Text {
  const origin = dataset.synthetic ? 'a synthetic history with a known truth: ' : '';
  return `${workflow.sentence} Replayed over ${origin}${count(dataset.events)} events of ${count(dataset.persons)} people, ${day(dataset.from)} to ${day(dataset.observedUntil)}.`;
}

function keyFigures(input: DemoReportInput): KeyFigure[] {
  const { projection, replay, currency, terms } = input;
  const { organic, incremental, profit } = projection;
  const sent = sentTotal(replay);
  const anyway: KeyFigure = {
    label: 'Anyway',
    kind: 'counted',
    hue: 'anyway',
    value: organic.conversions === null ? absent('not known') : count(organic.conversions),
    note:
      organic.rate === null
        ? (organic.reason ?? '')
        : `${percent(organic.rate, 2)} of ${count(projection.eligible)} enrolled`,
  };
  const because: KeyFigure = {
    label: 'Because',
    kind: 'projected',
    hue: 'because',
    value: signedCount(incremental.expected),
    note: `95% interval ${signedCount(incremental.low)} to ${signedCount(incremental.high)}`,
  };
  const figures = [anyway, because];
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
  figures.push({
    label: 'Emails',
    kind: 'counted',
    hue: 'ink',
    value: count(sent),
    note:
      incremental.expected >= 1
        ? `${count(sent / incremental.expected)} per ${terms.goal} added`
        : `none pays for itself on average`,
  });
  return figures;
}

// A synthetic history, for people: what was made and what is known of it.

import type { SynthAnswer } from '../../../api/index.ts';
import { DAY_MS, exactPlural, humanDuration, orNotKnown, percent, points } from '../../../base/index.ts';
import type { CartTruth, SaasTruth, WinbackTruth } from '../../../synth/index.ts';
import { table, wrapped } from '../table.ts';

export function printSynth(answer: SynthAnswer): string {
  const { truth } = answer;
  const places = [
    answer.dataset === null ? null : `dataset "${answer.dataset}"`,
    answer.out === null ? null : `${answer.out} (truth in ${answer.truthFile})`,
  ].filter((place) => place !== null);
  const { facts } = truth;
  const more =
    truth.model === 'cart'
      ? [exactPlural(truth.facts.carts, 'cart'), exactPlural(truth.facts.purchases, 'purchase')]
      : truth.model === 'saas'
        ? [`${exactPlural(truth.facts.adopted, 'first report')}`]
        : [
            exactPlural(truth.facts.returned, 'return'),
            exactPlural(truth.facts.cancellations, 'cancellation'),
            exactPlural(truth.facts.failedPayments, 'failed payment'),
            exactPlural(truth.facts.reactivations, 'reactivation'),
          ];
  const counted = [exactPlural(answer.persons, 'person', 'people'), exactPlural(facts.events, 'event'), ...more];
  const said = truth.model === 'cart' ? ofCart(truth) : truth.model === 'saas' ? ofSaas(truth) : ofWinback(truth);
  return [...wrapped(`${counted.join(', ')}: ${places.join(' and ')}.`, 0, 2), '', ...said].join('\n');
}

function ofCart(truth: CartTruth): string[] {
  const among = truth.percentilesAmongConverters;
  return [
    'Known truth (computed, not sampled), from opening a cart to buying:',
    table(
      ['window', 'fire', 'of those buy anyway'],
      truth.windows.map((window) => [
        humanDuration(window.windowMs),
        percent(window.pFire, 1),
        orNotKnown(window.wasteRate, (rate) => percent(rate, 1), 'none'),
      ]),
    ),
    ...(among.p50 === null || among.p90 === null
      ? []
      : [`  Half of those who buy do so within ${humanDuration(among.p50)}, 90% within ${humanDuration(among.p90)}.`]),
  ];
}

function ofSaas(truth: SaasTruth): string[] {
  const { emails } = truth;
  return [
    `Known truth (computed, not sampled), from ${truth.anchor} to ${truth.goal}:`,
    table(
      ['window', 'fire', `of those do it anyway within ${humanDuration(truth.horizonMs)}`],
      truth.windows.map(({ windowMs, pFire, wouldConvertAnyway }) => [
        humanDuration(windowMs),
        percent(pFire, 1),
        pFire === 0 ? 'none' : percent(wouldConvertAnyway / pFire, 1),
      ]),
    ),
    ...(emails === null
      ? []
      : wrapped(
          `Emails after ${emails.daysAfter.join(' and ')} days that multiply the hazard by ${emails.hazardRatio} for ${emails.effectDays} days would add ${points(emails.difference)} percentage points (${percent(emails.controlRate)} without, ${percent(emails.treatedRate)} with). None is in the history.`,
          2,
        )),
  ];
}

const BACK_DAYS = [7, 30, 60, 90];

function ofWinback(truth: WinbackTruth): string[] {
  const within = humanDuration(truth.within);
  return [
    'Known truth (computed, not sampled), by how long somebody has been silent:',
    table(
      ['silent for', 'of all', `return within ${within}`, `stay away ${humanDuration(truth.goneAfter)}`],
      truth.silences.map(({ inactive, beyond, returns, gone }) => [
        humanDuration(inactive),
        percent(beyond, 1),
        orNotKnown(returns, (rate) => percent(rate, 1), 'none'),
        orNotKnown(gone, (rate) => percent(rate, 1), 'not asked'),
      ]),
    ),
    '  Of those whose subscription ended, back by themselves:',
    table(
      ['within', ...truth.ends.map(({ event }) => event)],
      BACK_DAYS.map((day) => [
        humanDuration(day * DAY_MS),
        ...truth.ends.map(({ survival }) => {
          const at = survival.find(({ t }) => t === day * DAY_MS);
          return at === undefined ? '' : percent(1 - at.notConverted, 1);
        }),
      ]),
    ),
  ];
}

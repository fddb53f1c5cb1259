// A synthetic history, for people: what was made and what is known of it.

import type { SynthAnswer } from '../../../api.ts';
import { exactPlural, humanDuration, orNotKnown, percent } from '../../../base/index.ts';
import { table, wrapped } from '../table.ts';

export function printSynth(answer: SynthAnswer): string {
  const { truth } = answer;
  const places = [
    answer.dataset === null ? null : `dataset "${answer.dataset}"`,
    answer.out === null ? null : `${answer.out} (truth in ${answer.truthFile})`,
  ].filter((place) => place !== null);
  const among = truth.percentilesAmongConverters;
  return [
    ...wrapped(
      `${exactPlural(answer.persons, 'person', 'people')}, ${exactPlural(truth.facts.events, 'event')}, ${exactPlural(truth.facts.carts, 'cart')}, ${exactPlural(truth.facts.purchases, 'purchase')}: ${places.join(' and ')}.`,
      0,
      2,
    ),
    '',
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
  ].join('\n');
}

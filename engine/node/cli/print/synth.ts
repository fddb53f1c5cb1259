// A synthetic history, for people: what was made and what is known of it.

import type { SynthAnswer } from '../../../api.ts';
import { count, duration, percent, table } from '../table.ts';

export function printSynth(answer: SynthAnswer): string {
  const { truth } = answer;
  const places = [
    answer.dataset === null ? null : `dataset "${answer.dataset}"`,
    answer.out === null ? null : `${answer.out} (truth in ${answer.truthFile})`,
  ].filter((place) => place !== null);
  const among = truth.percentilesAmongConverters;
  return [
    `${count(answer.persons)} people, ${count(truth.facts.events)} events, ${count(truth.facts.carts)} carts, ${count(truth.facts.purchases)} purchases: ${places.join(' and ')}.`,
    '',
    'Known truth (computed, not sampled), from opening a cart to buying:',
    table(
      ['window', 'fire', 'of those buy anyway'],
      truth.windows.map((window) => [duration(window.windowMs), percent(window.pFire), percent(window.wasteRate)]),
    ),
    `  half of those who buy do so within ${duration(among.p50)}, 90% within ${duration(among.p90)}`,
  ].join('\n');
}

// Segments in words: the finding of each kind, what each segment means by the rules in force, where rules come from.

import type { SegmentsAnswer } from '../../../engine/api/index.ts';
import { exactCount, humanDuration, parseDuration, percent } from '../../../engine/base/index.ts';

export type Kind = 'engagement' | 'lifecycle' | 'adoption';

export const KIND_LABELS: readonly { readonly value: Kind; readonly label: string }[] = [
  { value: 'engagement', label: 'Engagement' },
  { value: 'lifecycle', label: 'Lifecycle' },
  { value: 'adoption', label: 'Feature adoption' },
];

export function segmentsFinding(answer: SegmentsAnswer, kind: Kind): string {
  const { people } = answer;
  if (people === 0) return 'Nobody is known at the end of this history.';
  const n = (name: string) => answer[kind].sizes[name] ?? 0;
  const of = `of ${exactCount(people)} people`;
  if (kind === 'engagement') {
    const often = n('power') + n('regular');
    return `${are(n('dormant'), of)} dormant; ${are(often)} active every week or more.`;
  }
  if (kind === 'lifecycle') {
    const churned = n('churned');
    const gone =
      churned === 0 ? 'nobody has churned' : `${exactCount(churned)} ${churned === 1 ? 'has' : 'have'} churned`;
    return `${are(n('at-risk'), of)} at risk and ${gone}; ${are(n('engaged'))} engaged.`;
  }
  return `${exactCount(n('used'))} ${of} use a feature, ${exactCount(n('discovered'))} only tried one${n('never') === 0 ? '' : `, ${exactCount(n('never'))} never did`}.`;
}

/** `Nobody of 982 people is`, `nobody is`, `12 are`. */
function are(n: number, of = ''): string {
  const who = n === 0 ? (of === '' ? 'nobody' : 'Nobody') : exactCount(n);
  return `${who}${of === '' ? '' : ` ${of}`} ${n < 2 ? 'is' : 'are'}`;
}

/** What each segment means, in the order of the kind. */
export function meaningOf({ rules }: SegmentsAnswer, kind: Kind): readonly (readonly [string, string])[] {
  const { engagement = {}, lifecycle = {}, adoption = {} } = rules;
  const spoken = (text: unknown) => {
    const ms = typeof text === 'string' ? parseDuration(text) : null;
    return ms === null ? String(text) : humanDuration(ms);
  };
  const e = engagement as Record<string, string | number>;
  const l = lifecycle as Record<string, string | number | readonly string[]>;
  const names = (key: string) =>
    Array.isArray(l[key]) ? (l[key] as string[]).map((name) => `"${name}"`).join(', ') : '';
  if (kind === 'engagement') {
    const broad = Number(e['breadth']) > 1 ? ` and ${e['breadth']} kinds of events` : '';
    return [
      ['power', `active on ${e['power']} days or more in ${spoken(e['inLast'])}${broad}`],
      ['regular', `active on ${e['regular']} days or more in ${spoken(e['inLast'])}`],
      ['occasional', 'active, but on fewer days'],
      ['dormant', `no activity for ${spoken(e['dormant'])}`],
    ];
  }
  if (kind === 'lifecycle') {
    const paid = names('payment');
    return [
      [
        'prospect',
        names('signup') === '' ? 'nobody: everybody has signed up with their first event' : `no ${names('signup')} yet`,
      ],
      ['new', 'signed up, not activated'],
      [
        'activated',
        names('activation') !== ''
          ? names('activation')
          : `${paid === '' ? '' : `${paid}, or `}came back on another day`,
      ],
      [
        'engaged',
        `a customer${paid === '' ? '' : ` (${paid})`} active on ${e['regular']} days or more in ${spoken(e['inLast'])}`,
      ],
      [
        'at-risk',
        `a customer with less than ${Number(l['ratio']) * 100}% of their usual active days in ${spoken(l['recent'])}, or dormant`,
      ],
      ['churned', `${names('end') === '' ? '' : `${names('end')}, or `}silent for ${spoken(l['lapsed'])}`],
    ];
  }
  return [
    ['used', `a feature on ${(adoption as Record<string, unknown>)['used']} days or more`],
    ['discovered', 'a feature on fewer days'],
    ['never', 'none of the features'],
  ];
}

export const SOURCE_WORDS: Readonly<Record<SegmentsAnswer['source'], string>> = {
  workflow: 'The workflow\'s own rules: under "segments" in its file, the standard ones where it says nothing.',
  found: 'The standard thresholds with the events found in this history.',
  standard: 'The standard rules.',
};

export function shareText(n: number, people: number): string {
  if (people === 0) return '';
  return n === 0 ? `0 of ${exactCount(people)}` : percent(n / people, 1);
}

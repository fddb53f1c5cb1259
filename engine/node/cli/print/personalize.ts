// What emails can say, for people: each property with its fill, subject lines, previews; active hours; the effect of
// waiting for each person's hour.

import type { ActiveHoursAnswer, PersonalizeAnswer, SendTimesAnswer } from '../../../api/index.ts';
import {
  clockTime,
  exactCount,
  humanDuration,
  instant,
  interval,
  percent,
  plural,
  points,
  share,
  signedCount,
  signedMoney,
} from '../../../base/index.ts';
import {
  effectSentence,
  fallbackWords,
  fillSentence,
  hoursSentence,
  oddSentences,
  PREVIEW_WORDS,
  visible,
} from '../../../personalize/index.ts';
import { paragraphs, table } from '../table.ts';

export function printPersonalize(answer: PersonalizeAnswer): string {
  const { properties, subjects, previews, sends } = answer;
  return [
    ...paragraphs(
      [fillSentence(answer), `${plural(sends, 'email')} would be sent, each filled as of its own moment.`],
      0,
    ),
    '',
    table(
      ['property', 'of', 'filled', 'share', 'used in', 'where missing'],
      properties.map(({ name, of, uses, isKnown, where: { filled, sends: all } }) => [
        name,
        isKnown ? of : 'nobody',
        exactCount(filled),
        all === 0 ? '' : share(filled, all),
        [...new Set(uses.map(({ step, part }) => `${step} ${part}`))].join(', '),
        fallbackWords(uses),
      ]),
    ),
    ...paragraphs(
      properties.flatMap((one) =>
        one.uses.length === 0 ? [] : oddSentences(one).map((words) => `${one.name}: ${words}`),
      ),
      2,
      4,
    ),
    '',
    table(
      ['subject line of', 'sent', 'shortest', 'median', 'longest', 'too long', 'empty name', 'blank'],
      subjects.map(({ step, sends: n, length, tooLong, empty, blank }) => [
        step,
        exactCount(n),
        ...(length === null ? ['', '', ''] : [length.shortest, length.median, length.longest].map(exactCount)),
        ...[tooLong, empty, blank].map(exactCount),
      ]),
    ),
    ...paragraphs(
      subjects.flatMap(({ step, problem }) => (problem === null ? [] : [`${step}: ${problem}`])),
      2,
      4,
    ),
    '',
    ...previews.flatMap(({ step, kind, subject, body, reason, person, at, isInvented, empty }) => [
      `  ${step}, ${PREVIEW_WORDS[kind]}${isInvented ? ' (made-up values)' : ''}: ${person}, ${instant(at)}`,
      ...paragraphs(
        [
          ...(reason === null ? [subjectWords(subject)] : [reason]),
          ...(body === null || reason !== null ? [] : [visible(body).slice(0, 300)]),
          ...(empty.length === 0 ? [] : [`Empty: ${empty.join(', ')}.`]),
        ],
        4,
        6,
      ),
    ]),
  ].join('\n');
}

function subjectWords(subject: string | null): string {
  if (subject === null) return '(no subject line)';
  return subject.trim() === '' ? '(a blank subject line)' : visible(subject);
}

export function printHours(answer: ActiveHoursAnswer): string {
  const { everybody, preferred, test, person } = answer;
  return [
    ...paragraphs([hoursSentence(answer)], 0),
    ...(everybody === null
      ? []
      : [
          '',
          table(
            ['local hour', 'events', 'share', 'own hour of'],
            everybody.hours.map((n, hour) => [
              clockTime(hour * 60),
              exactCount(n),
              share(n, everybody.events),
              exactCount(preferred[hour] ?? 0),
            ]),
          ),
        ]),
    ...(test === null
      ? []
      : [
          '',
          ...paragraphs(
            [
              `On events that had no part in finding the hour (${plural(test.people, 'person', 'people')}), two hours from it hold ${percent(test.own)} by a person's own hour and ${percent(test.everybodys)} by the hour of all: ${points(test.difference)} percentage points (${interval([test.low, test.high], points)}).`,
            ],
            2,
            4,
          ),
        ]),
    ...(person === null
      ? []
      : [
          '',
          `  ${person.person}: ${plural(person.events, 'event')}, ${person.isOwn ? 'an hour of their own' : "too few events, so everybody's hour"}, ${clockTime(person.preferredMinute)} in ${person.timezone}; an email would leave at ${clockTime(person.sendMinute)}.`,
        ]),
  ].join('\n');
}

export function printSendTimes(answer: SendTimesAnswer): string {
  const { waits, figures } = answer;
  const shown = {
    runs: signedCount,
    emails: signedCount,
    anyway: signedCount,
    because: signedCount,
    profit: signedMoney,
  };
  return [
    ...paragraphs([effectSentence(answer)], 0),
    '',
    table(
      ['email', 'due', 'moved', 'median wait', 'mean wait'],
      waits.map(({ step, due, moved, medianMs, meanMs }) => [
        step,
        exactCount(due),
        exactCount(moved),
        medianMs === null ? '' : humanDuration(medianMs),
        meanMs === null ? '' : humanDuration(Math.round(meanMs)),
      ]),
    ),
    '',
    table(
      ['with personal hours', 'difference', '95% interval'],
      (Object.keys(figures) as (keyof typeof figures)[]).map((key) => {
        const difference = figures[key].difference;
        if (difference === null || difference.expected === null) return [key, difference?.reason ?? 'not known', ''];
        const { expected, low, high, identical } = difference;
        const show = (value: number) => shown[key](value);
        return [
          key,
          identical === null ? show(expected) : 'the same',
          low === null || high === null || identical !== null ? '' : `${show(low)} to ${show(high)}`,
        ];
      }),
    ),
  ].join('\n');
}

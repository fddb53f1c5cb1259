// Findings about time: days without tracking, clocks that round, rows far before the rest, an end that was assumed.

import { count, DAY_MS, day, instant, percent, plural } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { clockShift } from './clock-shift.ts';
import type { Finding } from './finding.ts';
import type { MainPair } from './main-pair.ts';
import { dailyCounts, dayOf, type NameSummary, type Tally } from './tally.ts';

/** A day counts as a gap where it has less than this share of what is usual … */
const GAP_SHARE = 0.25;
/** … or than this, where a history is too short to know what its weekday usually has … */
const GAP_SHARE_SHORT = 0.05;
/** … and the usual is at least this many events, so that chance cannot empty it. */
const USUAL_AT_LEAST = 30;
/** How far below at least, in standard deviations of a Poisson count: all of 30 can be missing, but not 26 of them. */
const GAP_Z = 5.4;
/** Single event names are looked at up to here. */
const MOST_NAMES = 25;

/** In this order: gaps (all events, then single ones), clocks that disagree, rounded times, strays, the end of observation. */
export function timeFindings(history: History, tally: Tally, pair: MainPair | null): Finding[] {
  return [
    ...gapFindings(history, tally, pair),
    ...clockShift(history, pair),
    ...roundingFindings(tally),
    ...strayFinding(tally),
    ...endFindings(history, tally),
  ];
}

// ---------------------------------------------------------------- gaps

interface Gap {
  readonly firstDay: number;
  readonly lastDay: number;
  readonly events: number;
  readonly usual: number;
}

function gapFindings(history: History, tally: Tally, pair: MainPair | null): Finding[] {
  const { mainDays } = tally;
  if (mainDays === null) return [];
  const own = tally.names.filter((name) => !name.ownEmail);
  const gapsOf = (names: readonly NameSummary[]) => {
    const first = Math.max(mainDays.first, dayOf(Math.min(...names.map((name) => name.first))));
    const last = Math.min(mainDays.last, dayOf(Math.max(...names.map((name) => name.last))));
    const counts = dailyCounts(history, new Set(names.map((name) => name.name)), first, last);
    // The first and last day may be cut short.
    return findGaps(counts, first).filter((gap) => gap.firstDay > first && gap.lastDay < last);
  };
  const findings: Finding[] = [];
  const everything = gapsOf(own);
  if (everything.length > 0) findings.push(gapFinding('tracking-gap', 'all events', everything, tally));
  for (const name of own.slice(0, MOST_NAMES)) {
    const gaps = gapsOf([name]).filter((gap) => !everything.some((all) => covers(all, gap)));
    if (gaps.length > 0 && own.length > 1) {
      const isOfPair = pair !== null && (name.name === pair.anchor || name.name === pair.goal);
      findings.push(gapFinding(`tracking-gap:${name.name}`, `"${name.name}"`, gaps, isOfPair ? tally : null));
    }
  }
  return findings;
}

function covers(outer: Gap, inner: Gap): boolean {
  return inner.firstDay >= outer.firstDay && inner.lastDay <= outer.lastDay;
}

/** Runs of days far below the usual count, one of which at least could not be so by chance. */
function findGaps(counts: Float64Array, firstDay: number): Gap[] {
  const runs: (Gap & { readonly isSure: boolean })[] = [];
  for (let at = 0; at < counts.length; at++) {
    const usual = usualCount(counts, at);
    const events = counts[at] as number;
    if (usual === null || events >= usual.gapShare * usual.count) continue;
    const isSure = usual.count >= USUAL_AT_LEAST && usual.count - events > GAP_Z * Math.sqrt(usual.count);
    const day = firstDay + at;
    const previous = runs.at(-1);
    if (previous?.lastDay === day - 1) {
      runs[runs.length - 1] = {
        ...previous,
        lastDay: day,
        events: previous.events + events,
        usual: previous.usual + usual.count,
        isSure: previous.isSure || isSure,
      };
    } else runs.push({ firstDay: day, lastDay: day, events, usual: usual.count, isSure });
  }
  return runs.filter((run) => run.isSure && isDip(counts, run, firstDay));
}

interface Usual {
  readonly count: number;
  /** Below this share of it a day is a gap. */
  readonly gapShare: number;
}

/** Whether some day before it, and some day after it, had half of what is usual: a beginning or an end is no gap. */
function isDip(counts: Float64Array, gap: Gap, firstDay: number): boolean {
  const half = gap.usual / (gap.lastDay - gap.firstDay + 1) / 2;
  const reaches = (count: number) => count >= half;
  return (
    counts.subarray(0, gap.firstDay - firstDay).some(reaches) &&
    counts.subarray(gap.lastDay - firstDay + 1).some(reaches)
  );
}

/**
 * The median of the same weekday in the four weeks before and in those after, whichever is less: a trend is no gap. In
 * a history too short for that, of all days in the week before and after.
 */
function usualCount(counts: Float64Array, day: number): Usual | null {
  const side = (step: number, reach: number) => {
    const found: number[] = [];
    for (let k = 1; k <= reach; k++) {
      const at = day + k * step;
      if (at >= 0 && at < counts.length) found.push(counts[at] as number);
    }
    found.sort((a, b) => a - b);
    return found.length < 2 ? [] : [found[found.length >> 1] as number];
  };
  const weekly = [...side(-7, 4), ...side(7, 4)];
  if (weekly.length > 0) return { count: Math.min(...weekly), gapShare: GAP_SHARE };
  const daily = [...side(-1, 7), ...side(1, 7)];
  return daily.length > 0 ? { count: Math.min(...daily), gapShare: GAP_SHARE_SHORT } : null;
}

/** @param tally of the history where it can be cut at the gap; null where other figures would lose more than they gain */
function gapFinding(id: string, what: string, gaps: readonly Gap[], tally: Tally | null): Finding {
  const list = gaps
    .slice(0, 5)
    .map((gap) => {
      const [from, to] = [day(gap.firstDay * DAY_MS), day(gap.lastDay * DAY_MS)];
      return `${from === to ? from : `${from} to ${to}`}: ${count(gap.events)} where about ${count(gap.usual)} are usual`;
    })
    .join('; ');
  const days = gaps.reduce((sum, gap) => sum + gap.lastDay - gap.firstDay + 1, 0);
  const more = gaps.length > 5 ? `; and ${gaps.length - 5} more` : '';
  const kept = tally?.mainDays == null ? null : longestWithout(gaps, tally.mainDays);
  const emptiest = Math.min(...gaps.map((gap) => gap.events / gap.usual));
  return {
    id,
    title: `${plural(days, 'day')} with far fewer events than usual (${what})`,
    evidence: `${list}${more}.`,
    effect:
      'What happened on these days is missing, not absent: people seem silent, carts seem abandoned, and triggers fire that would not have.',
    remedy:
      'Export these days again if they can be had; otherwise begin the observation after the gap (--observed-from) or end it before.' +
      (kept === null ? '' : ' Here the history can be cut to its longest stretch without a gap.'),
    test: { name: 'share of what is usual', value: emptiest, threshold: GAP_SHARE, isAbove: false },
    ...(kept === null ? {} : { repair: { id, kind: 'keep-period', ...kept } }),
  };
}

/** From the end of one gap to the beginning of the next; null at a side where the history begins or ends by itself. */
function longestWithout(gaps: readonly Gap[], { first, last }: { readonly first: number; readonly last: number }) {
  const sorted = [...gaps].sort((a, b) => a.firstDay - b.firstDay);
  const stretches = [...sorted, null].map((gap, i) => ({
    fromDay: i === 0 ? null : (sorted[i - 1] as Gap).lastDay + 1,
    untilDay: gap === null ? null : gap.firstDay,
  }));
  const days = ({ fromDay, untilDay }: (typeof stretches)[number]) => (untilDay ?? last + 1) - (fromDay ?? first);
  const longest = stretches.reduce((best, one) => (days(one) > days(best) ? one : best));
  return {
    from: longest.fromDay === null ? null : longest.fromDay * DAY_MS,
    until: longest.untilDay === null ? null : longest.untilDay * DAY_MS - 1,
  };
}

// ---------------------------------------------------------------- clocks

/** A share of times on the hour above this is no chance (1 in 3,600 is, with clocks to the second). */
const HOUR_SHARE = 0.05;
const FEWEST_EVENTS = 20;

function roundingFindings(tally: Tally): Finding[] {
  const own = tally.names.filter((name) => !name.ownEmail && name.count >= FEWEST_EVENTS);
  const round = (name: NameSummary) => tally.round.get(name.name) ?? { midnight: 0, hour: 0, minute: 0 };
  const total = own.reduce((sum, name) => sum + name.count, 0);
  if (total === 0) return [];
  const sum = (pick: 'midnight' | 'hour' | 'minute') => own.reduce((all, name) => all + round(name)[pick], 0);
  const [midnight, hour, minute] = [sum('midnight'), sum('hour'), sum('minute')];
  if (midnight / total > 0.9) return [coarse('day', midnight, total)];
  if (hour / total > 0.9) return [coarse('hour', hour, total)];
  const findings: Finding[] = [];
  const humps = own.filter((name) => round(name).hour / name.count > HOUR_SHARE);
  if (humps.length > 0) {
    const list = humps
      .slice(0, 5)
      .map((name) => {
        const { hour: onHour, midnight: onMidnight } = round(name);
        const dates =
          onMidnight / name.count > HOUR_SHARE ? `, ${percent(onMidnight / name.count)} at midnight UTC` : '';
        return `"${name.name}": ${percent(onHour / name.count)} of ${count(name.count)}${dates}`;
      })
      .join('; ');
    findings.push({
      id: 'whole-hour-times',
      title: 'Many times stand exactly on the hour',
      evidence: `${list}.`,
      effect:
        'A source rounds its times, or writes the moment of a batch instead of the event: waiting times measured to or from these events are off by up to an hour, or a day where only a date was kept.',
      remedy: 'Find the source that writes them; export exact times, or leave its rows out of triggers and goals.',
    });
  }
  if (minute / total > 0.9) findings.push(coarse('minute', minute, total));
  return findings;
}

function coarse(unit: 'day' | 'hour' | 'minute', on: number, total: number): Finding {
  const boundary = { day: 'at midnight UTC', hour: 'on a whole hour', minute: 'on a whole minute' }[unit];
  return {
    id: `times-to-the-${unit}`,
    title: `Times are known to the ${unit} only`,
    evidence: `${count(on)} of ${count(total)} events (${percent(on / total)}) stand ${boundary}.`,
    effect:
      unit === 'minute'
        ? 'Events of one minute have no order but that of the file; windows of a few minutes are blurred.'
        : `Windows shorter than a few ${unit}s cannot be studied, and the order of events within a ${unit} is that of the file.`,
    remedy: `Export times to the second; without them ask only about windows of several ${unit}s.`,
  };
}

// ---------------------------------------------------------------- beginning and end

function strayFinding(tally: Tally): Finding[] {
  const { mainDays, from, to, strays } = tally;
  if (mainDays === null || from === null || to === null || strays === 0) return [];
  const gapDays = mainDays.first - dayOf(from);
  const spanDays = mainDays.last - mainDays.first + 1;
  if (gapDays < Math.max(7, 0.25 * spanDays)) return [];
  return [
    {
      id: 'stray-early-rows',
      title: 'A few rows lie far before the rest',
      evidence: `${count(strays)} events between ${day(from)} and ${day(mainDays.first * DAY_MS)}, the others (99.9%) from then on.`,
      effect:
        'The history looks longer than it is; tenure of the people concerned is overstated. The history held for calibration is counted from the 0.1% quantile, so that these rows do not lengthen it.',
      remedy: 'Remove the rows if they are errors, or say when observation began (--observed-from).',
    },
  ];
}

function endFindings(history: History, tally: Tally): Finding[] {
  const { to } = tally;
  if (to === null) return [];
  if (!history.observedUntilGiven) {
    return [
      {
        id: 'end-assumed',
        title: 'The end of observation was assumed',
        evidence: `The last event, at ${instant(to)}, is taken as the end; the export may have been made later.`,
        effect:
          'Silences and open carts at the end count as shorter than they were; recent episodes are unknown for longer.',
        remedy: 'Say when the export was made (--observed-until).',
      },
    ];
  }
  const silentMs = history.observedUntil - to;
  if (silentMs <= 2 * DAY_MS) return [];
  return [
    {
      id: 'nothing-at-the-end',
      title: 'No events for the last days of the observation',
      evidence: `The last event is of ${day(to)}, the observation is said to end on ${day(history.observedUntil)}.`,
      effect: 'Everybody counts as silent in between: triggers on inaction fire that would not have.',
      remedy: 'Import the missing days, or give the true moment of the export (--observed-until).',
    },
  ];
}

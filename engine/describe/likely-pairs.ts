// Which two events could make a workflow: something started and what completes it. Ranked by what their names say and by
// how the counts fit: many who start complete it within days, most completions had a start, and enough do not complete
// for a mail to have anyone to write to. Counts only; curves and intervals belong to calibration.

import { DAY_MS, humanDuration, percent } from '../base/index.ts';
import { CART_WORDS, ENDING_WORDS, type History, nameWords } from '../events/index.ts';
import { type NameSummary, tallyHistory } from './tally.ts';

export interface LikelyPair {
  readonly anchor: string;
  readonly goal: string;
  /** Anchors that opened an episode: none was open for this goal, the last one answered or older than `withinMs`. */
  readonly openings: number;
  /** People with an opening. */
  readonly persons: number;
  /** Openings answered within `withinMs`. */
  readonly converted: number;
  /** Openings whose `withinMs` ends within the history, whatever became of them, and those of them answered. */
  readonly mature: number;
  readonly matureConverted: number;
  /** All goal events, answers or not. */
  readonly goals: number;
  readonly withinMs: number;
  /** 0 …, for the order only. */
  readonly score: number;
  /** What speaks for it, in words. */
  readonly why: string;
}

const GOAL_WORDS =
  /\b(purchase|purchased|buy|buys|bought|order|ordered|orders|paid|pay|payment|subscribe|subscribed|subscription|activate|activated|activation|upgrade|upgraded|converted|conversion|renewed|completed checkout|checkout completed|transaction|deposit|booked|booking)\b/;
/** A subscription that starts or ends is not one that is bought. */
const NO_GOAL_WORDS = /\b(start\w*|view\w*|end(ed|s)?|expir\w*|deleted|deactivat\w*|laps\w*|churn\w*)\b/;
const ANCHOR_WORDS =
  /\b(checkout|trial|sign\w* ?up|signup|register\w*|start\w*|began|begin|wish ?list|favou?rit\w*|fav|quote|pricing|apply|applied|application|draft|invited|onboarding|created account|account created)\b/;

/** Whether a name reads like something a business wants to happen. */
export function isGoalLike(name: string): boolean {
  const text = nameWords(name);
  return GOAL_WORDS.test(text) && !ENDING_WORDS.test(text) && !NO_GOAL_WORDS.test(text);
}

/** Whether a name reads like the order that a cart leads to. */
export function isOrderLike(name: string): boolean {
  return (
    isGoalLike(name) && /\b(purchas\w*|buy|buys|bought|orders?|ordered|paid|pay|transaction)\b/.test(nameWords(name))
  );
}

const MOST_NAMES = 40;
const MOST_GOALS = 8;
const FEWEST_OPENINGS = 20;
const FEWEST_CONVERTED = 10;

/** @param withinMs how long an opening waits for its goal; default 7 days. @returns best first; may be empty */
export function likelyPairs(history: History, withinMs = 7 * DAY_MS): LikelyPair[] {
  const names = tallyHistory(history).names.filter((name) => !name.ownEmail);
  const anchors = names.slice(0, MOST_NAMES);
  const goals = likelyGoals(names);
  const counts = countPairs(history, anchors, goals, withinMs);
  const pairs: LikelyPair[] = [];
  for (const [a, anchor] of anchors.entries()) {
    for (const [g, goal] of goals.entries()) {
      if (anchor.name === goal.name || ENDING_WORDS.test(nameWords(anchor.name))) continue;
      const counted = counts[a * goals.length + g] as PairCounts;
      if (counted.openings < FEWEST_OPENINGS || counted.converted < FEWEST_CONVERTED) continue;
      pairs.push(rank(anchor, goal, counted, withinMs));
    }
  }
  return pairs.sort(
    (x, y) => y.score - x.score || (x.anchor < y.anchor ? -1 : x.anchor > y.anchor ? 1 : x.goal < y.goal ? -1 : 1),
  );
}

/** Names that read like goals; where none does, those with a value; where none has, all that are no ending. */
function likelyGoals(names: readonly NameSummary[]): NameSummary[] {
  const possible = names.filter((name) => !ENDING_WORDS.test(nameWords(name.name)));
  const named = possible.filter((name) => isGoalLike(name.name));
  const valued = possible.filter((name) => name.withValue > 0.5 * name.count);
  const chosen = named.length > 0 ? named : valued.length > 0 ? valued : possible;
  return chosen.slice(0, MOST_GOALS);
}

interface PairCounts {
  openings: number;
  persons: number;
  converted: number;
  mature: number;
  matureConverted: number;
}

/** One pass; the state of a pair is the time its episode opened, valid for the person it was written by. */
function countPairs(
  history: History,
  anchors: readonly NameSummary[],
  goals: readonly NameSummary[],
  withinMs: number,
): PairCounts[] {
  const nGoals = goals.length;
  const counts = Array.from({ length: anchors.length * nGoals }, () => ({
    openings: 0,
    persons: 0,
    converted: 0,
    mature: 0,
    matureConverted: 0,
  }));
  const openedAt = new Float64Array(counts.length);
  const openOf = new Int32Array(counts.length).fill(-1);
  const countedFor = new Int32Array(counts.length).fill(-1);
  const anchorOf = indexByCode(history, anchors);
  const goalOf = indexByCode(history, goals);
  for (let p = 0; p < history.nPersons; p++) {
    for (let row = history.personStart[p] as number; row < (history.personStart[p + 1] as number); row++) {
      const code = history.nameCodes[row] as number;
      const a = anchorOf[code] as number;
      const g = goalOf[code] as number;
      if (a < 0 && g < 0) continue;
      const time = history.times.at(row);
      if (g >= 0) {
        for (let pair = g; pair < counts.length; pair += nGoals) {
          if (openOf[pair] !== p) continue;
          openOf[pair] = -1;
          const end = (openedAt[pair] as number) + withinMs;
          if (time > end) continue;
          (counts[pair] as PairCounts).converted++;
          if (end <= history.observedUntil) (counts[pair] as PairCounts).matureConverted++;
        }
      }
      if (a < 0) continue;
      for (let pair = a * nGoals; pair < (a + 1) * nGoals; pair++) {
        if (openOf[pair] === p && time <= (openedAt[pair] as number) + withinMs) continue;
        openOf[pair] = p;
        openedAt[pair] = time;
        const counted = counts[pair] as PairCounts;
        counted.openings++;
        if (time + withinMs <= history.observedUntil) counted.mature++;
        if (countedFor[pair] !== p) counted.persons++;
        countedFor[pair] = p;
      }
    }
  }
  return counts;
}

function indexByCode(history: History, names: readonly NameSummary[]): Int32Array {
  const index = new Int32Array(history.names.length).fill(-1);
  names.forEach((name, i) => {
    index[history.nameCode(name.name)] = i;
  });
  return index;
}

function rank(anchor: NameSummary, goal: NameSummary, counted: PairCounts, withinMs: number): LikelyPair {
  // Too few that could be followed to the end: what was answered so far is a lower bound.
  const followed = counted.mature >= FEWEST_OPENINGS;
  const completes = followed ? counted.matureConverted / counted.mature : counted.converted / counted.openings;
  const covers = counted.converted / goal.count;
  // Nothing is left to win where nearly everyone completes.
  const room = Math.min(1, (1 - completes) / 0.1);
  const anchorText = nameWords(anchor.name);
  const byName = isGoalLike(goal.name) ? 1 : 0.4;
  const byAnchor = CART_WORDS.test(anchorText) ? 1.6 : ANCHOR_WORDS.test(anchorText) ? 1.2 : 0.7;
  const asGoal = isGoalLike(anchor.name) ? 0.3 : 1;
  return {
    anchor: anchor.name,
    goal: goal.name,
    ...counted,
    goals: goal.count,
    withinMs,
    score: Math.sqrt(completes * covers) * room * byName * byAnchor * asGoal,
    why:
      `${followed ? '' : 'At least '}${percent(completes)} of the openings of "${anchor.name}" reached ` +
      `"${goal.name}" within ${humanDuration(withinMs)}; ${percent(covers)} of all "${goal.name}" answered one.`,
  };
}

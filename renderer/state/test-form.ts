// How a test is planned, as far as the user has said: part of every snapshot, so that it is undone like any other edit.
// It is no part of the workflow's file; only the share is, once it is set there.

import type { PlannedLook } from '../../engine/holdout/index.ts';

export interface TestForm {
  /** Key of the question the curve is about. */
  readonly question: string;
  /** By question, in its unit; what is missing follows the assumed effect. */
  readonly lifts: Readonly<Record<string, number>>;
  /** Share held out, a whole percent; null: the smallest that meets the deadline. */
  readonly fraction: number | null;
  readonly deadlineWeeks: number;
  readonly power: number;
  readonly alpha: number;
  readonly look: PlannedLook;
}

export const FIRST_TEST_FORM: TestForm = {
  question: 'goal',
  lifts: {},
  fraction: null,
  deadlineWeeks: 13,
  power: 0.8,
  alpha: 0.05,
  look: 'end',
};

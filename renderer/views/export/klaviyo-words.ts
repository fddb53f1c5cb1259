// What the email service's section says: services, marks of a plan's rows, and failures.

import type { EspAction, EspBothRuns, EspVerified } from '../../../engine/api.ts';
import { exactCount, humanDuration, plural } from '../../../engine/base/index.ts';

export type Drifts = EspVerified['drift'];
export type Service = 'klaviyo' | 'mailchimp' | 'activecampaign';

export const SERVICES: readonly { readonly value: Service; readonly label: string }[] = [
  { value: 'klaviyo', label: 'Klaviyo' },
  { value: 'mailchimp', label: 'Mailchimp' },
  { value: 'activecampaign', label: 'ActiveCampaign' },
];

export const VERBS: Readonly<Record<EspAction['verb'], string>> = {
  create: 'Create',
  change: 'Change',
  recreate: 'Recreate',
  remove: 'Remove',
  leave: 'Leave',
  'by hand': 'By hand',
};

export interface ServiceProblem {
  readonly title: string;
  readonly message: string;
  readonly issues: readonly { readonly at: string; readonly message: string }[];
}

export function problemOf(error: unknown): ServiceProblem {
  if (!(error instanceof Error)) return { title: 'That did not work.', message: String(error), issues: [] };
  if (error.name === 'AbortError') {
    return {
      title: 'Stopped.',
      message: 'What was done until then is kept; a new plan goes on from there.',
      issues: [],
    };
  }
  const { issues } = error as { readonly issues?: ServiceProblem['issues'] };
  return { title: 'That did not work.', message: error.message, issues: issues ?? [] };
}

export function changeWords(before: string | null, after: string | null): string {
  if (before === null) return after ?? 'none';
  return `${before} → ${after ?? 'none'}`;
}

/** When first emails leave there, against here. */
export function shiftWords({ paired, earlier, later, medianShiftMs }: EspBothRuns['firstEmail']): string {
  if (paired === 0) return 'No first email has a counterpart.';
  const middle =
    medianShiftMs === null || medianShiftMs === 0
      ? 'the median at the same time'
      : `the median ${humanDuration(Math.abs(medianShiftMs))} ${medianShiftMs < 0 ? 'earlier' : 'later'}`;
  return `Of ${plural(paired, 'first email')} with a counterpart, ${exactCount(earlier)} leave earlier there and ${exactCount(later)} later; ${middle}.`;
}

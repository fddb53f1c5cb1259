// What each workflow of a programme says of a person. Each saw the emails of the others; beside one account those are shown
// as well, by the name of their workflow.

import type { ExplainAnswer, ProgrammeExplainAnswer } from '../../../engine/api/index.ts';

/** Of one workflow; null: of the open one, asked alone. */
export type Account = ExplainAnswer & { readonly workflow: string | null };

const EMAILS: ReadonlySet<string> = new Set(['sent', 'ghost', 'skipped']);

/** In order of priority. */
export function accountsOf({ workflows, ...answer }: ProgrammeExplainAnswer): Account[] {
  return Object.entries(workflows).map(([workflow, account]) => ({ workflow, ...account, ...answer }));
}

/** The one that decided last; of equals the first. */
export function latest(accounts: readonly Account[]): Account | undefined {
  const lastOf = ({ timeline }: Account) =>
    timeline.findLast(({ kind }) => kind === 'decision')?.time ?? Number.NEGATIVE_INFINITY;
  return accounts.reduce<Account | undefined>(
    (last, one) => (last === undefined || lastOf(one) > lastOf(last) ? one : last),
    undefined,
  );
}

/** With the emails of the others, in the order of time. */
export function withOthers(account: Account, accounts: readonly Account[]): Account {
  const others = accounts
    .filter((one) => one !== account)
    .flatMap(({ workflow, timeline }) =>
      timeline.flatMap((entry) =>
        entry.kind === 'decision' && EMAILS.has(entry.decision)
          ? [{ ...entry, step: `${workflow}: ${entry.step}`, rules: [] }]
          : [],
      ),
    );
  if (others.length === 0) return account;
  // A sort keeps the order of what happened at one instant.
  return { ...account, timeline: [...account.timeline, ...others].sort((a, b) => a.time - b.time) };
}

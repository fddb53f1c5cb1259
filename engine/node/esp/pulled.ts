// What a dataset that was pulled keeps of its account: which it is, how far it was read, and its flows. From these and
// the history the ledger of live flows is made again at any time, without the network.

import type { CallOptions } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import type { History } from '../../events/index.ts';
import { type FlowLedger, flowLedgers } from '../../projection/index.ts';
import { checkWorkflow } from '../../workflow/index.ts';
import { isRecord } from './klaviyo-client.ts';
import type { KeptFlow } from './pull-flows.ts';

export interface Pulled {
  readonly account: string;
  /** Everything up to here, ms since the epoch. */
  readonly until: number;
  /** Null: of a pull that kept none. */
  readonly flows: readonly KeptFlow[] | null;
}

export const aboutPull = (pulled: Pulled) => ({ klaviyo: pulled });

/** @param about what is kept beside a dataset. @returns null where it was not pulled */
export function pulledOf(about: unknown): Pulled | null {
  const pulled = isRecord(about) ? about['klaviyo'] : null;
  if (!isRecord(pulled)) return null;
  const { account, until, flows } = pulled;
  if (typeof account !== 'string' || typeof until !== 'number') return null;
  return { account, until, flows: Array.isArray(flows) ? (flows as readonly KeptFlow[]) : null };
}

/** @returns one for each flow, in their order */
export function ledgersOf(history: History, flows: readonly KeptFlow[], options: CallOptions = {}): FlowLedger[] {
  const { signal, onProgress } = options;
  const read = flows.map(({ id, name, status, messages, workflow }) => ({
    id,
    name,
    status,
    messages,
    workflow: workflow === null ? null : checkWorkflow(workflow).workflow,
  }));
  return flowLedgers(history, read, {
    ...(signal === undefined ? {} : { signal }),
    onFlow: (name, done, total) => onProgress?.({ stage: `replaying "${name}"`, done, total, unit: 'flows' }),
  });
}

/** The flows of a pulled dataset beside its history. */
export interface LiveFlows extends Omit<Pulled, 'flows'> {
  readonly dataset: string;
  readonly flows: readonly (Pick<KeptFlow, 'id' | 'name' | 'status' | 'unexpressed'> & {
    /** Whether it can be opened as a workflow. */
    readonly isWorkflow: boolean;
    readonly replayed: Omit<FlowLedger, 'id' | 'name' | 'status'>;
  })[];
}

/** @param about what is kept beside the dataset. @throws UserError `NOT_PULLED` */
export function liveFlowsOf(
  dataset: string,
  about: unknown,
  history: () => History,
  options: CallOptions = {},
): LiveFlows {
  const { account, until, flows } = assertPulled(dataset, about);
  const ledgers = flows.length === 0 ? [] : ledgersOf(history(), flows, options);
  return {
    dataset,
    account,
    until,
    flows: flows.map(({ id, name, status, unexpressed, workflow }, i) => {
      const { id: _id, name: _name, status: _status, ...replayed } = ledgers[i] as FlowLedger;
      return { id, name, status, unexpressed, isWorkflow: workflow !== null, replayed };
    }),
  };
}

export function assertPulled(dataset: string, about: unknown): Pulled & { readonly flows: readonly KeptFlow[] } {
  const pulled = pulledOf(about);
  if (pulled === null) {
    throw new UserError(
      'NOT_PULLED',
      `"${dataset}" was not pulled from an account, so it has no flows; "foresend pull klaviyo" makes such a dataset.`,
    );
  }
  if (pulled.flows === null) {
    throw new UserError('NO_FLOWS_KEPT', `"${dataset}" was pulled before flows were kept with it; pull it again.`);
  }
  return { ...pulled, flows: pulled.flows };
}

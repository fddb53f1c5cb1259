// decide --target: what was decided is told to the service, each decision once, by way of an outbox beside the state. The
// outbox is written before the state moves on, so that a run that ends anywhere is finished by the next.

import type { Delivery, EspTarget } from '../../../esp/index.ts';
import type { Workflow } from '../../../workflow/index.ts';
import type { Decided } from '../../decide.ts';
import type { Courier, Delivered, DeliverySources } from '../../esp/index.ts';
import { type Context, UsageError } from '../context.ts';
import { isBlockTarget } from './esp-blocks.ts';

export interface TargetFlags {
  readonly target: EspTarget;
  readonly state?: string;
  readonly dryRun?: boolean;
  readonly baseUrl?: string;
  readonly maxAge: number;
}

/** Asked before rows are read. @throws UsageError where nothing would remember what was told */
export function checkTarget({ state, dryRun, target }: TargetFlags): void {
  if (state !== undefined || dryRun === true) return;
  throw new UsageError(
    `decide --target ${target} needs --state FILE: beside it stands what was told, so that nothing is told twice. --dry-run needs none.`,
  );
}

/** Tells the service, or says what it would be told. @param path of the workflow or programme */
export async function tellTarget(
  path: string,
  workflows: readonly Workflow[],
  decided: Decided,
  flags: TargetFlags,
  context: Context,
): Promise<void> {
  let isKept = false;
  const keep = () => {
    decided.keep();
    isKept = true;
  };
  try {
    await tell(path, workflows, { ...decided, keep }, flags, context);
  } finally {
    if (!isKept) decided.abandon();
  }
}

async function tell(
  path: string,
  workflows: readonly Workflow[],
  decided: Decided,
  flags: TargetFlags,
  context: Context,
): Promise<void> {
  const { changeDeliveries, deliveriesOf } = await import('../../../esp/index.ts');
  const { deliverAll, deliveredWords, Outbox, outboxPathOf, placesOf, refuseAlone, withLock } = await import(
    '../../esp/index.ts'
  );
  const { target, state } = flags;
  refuseAlone(path);
  const places = placesOf(path, workflows, target);
  const synced = Object.fromEntries(Object.entries(places).map(([id, place]) => [id, place.synced]));
  const changed = changeDeliveries(decided.changes, synced, { workflows, rowsOf: decided.rowsOf });
  const due = deliveriesOf(decided.decisions, {
    workflows,
    fields: Object.fromEntries(Object.entries(places).map(([id, { sources }]) => [id, sources])),
    facts: decided.facts,
    rowsOf: decided.rowsOf,
  });
  // Written before what they start; the outbox keeps that order among equal times.
  const fresh = [...changed, ...due];
  if (flags.dryRun === true) {
    const outbox = state === undefined ? null : new Outbox(outboxPathOf(state, target), target);
    const all = [...(outbox?.pending ?? []), ...fresh.filter((one) => outbox?.isNew(one) ?? true)];
    return printCalls(all, places, flags, context);
  }
  const outboxPath = outboxPathOf(state as string, target);
  await withLock(outboxPath, async () => {
    // Without a key nothing is begun.
    const courier = await courierOf(target, flags, context);
    try {
      const outbox = new Outbox(outboxPath, target);
      outbox.add(fresh);
      decided.keep();
      const done = await deliverAll(courier, outbox, places, {
        maxAgeMs: flags.maxAge,
        onStep: (n, total) => context.onProgress({ stage: `Tell ${target}`, done: n, total, unit: 'calls' }),
        onDone: (one) => context.out(lineOf(one)),
      });
      for (const line of deliveredWords(done, flags.maxAge)) context.log(line);
      if (done.some(({ isRefused }) => isRefused)) context.status = 1;
    } finally {
      await courier.close();
    }
  });
}

function lineOf({ delivery, why }: Delivered): string {
  const { id, person, workflow, time, kind, step } = delivery;
  return JSON.stringify({ id, person, workflow, time, kind, step, told: why === null, why });
}

async function printCalls(
  all: readonly Delivery[],
  places: Readonly<Record<string, DeliverySources>>,
  { target, maxAge }: TargetFlags,
  context: Context,
): Promise<void> {
  const { deliveryCalls } = await import('../../../esp/index.ts');
  const { letGo, systemClock } = await import('../../esp/index.ts');
  const isLetGo = letGo(all, systemClock.now(), maxAge);
  let n = 0;
  for (const delivery of all) {
    const { person, workflow, time, kind, step, email } = delivery;
    const place = places[workflow];
    const isKnown = email !== null || target === 'klaviyo';
    const why = isLetGo(delivery) ?? (isKnown ? null : 'no address is known');
    const calls =
      why !== null || place === undefined
        ? []
        : deliveryCalls(target, delivery, email ?? '', place).map(({ method, path, body }) => ({ method, path, body }));
    n += calls.length;
    context.out(JSON.stringify({ person, workflow, time, kind, step, why, calls }));
  }
  context.log(`A dry run: nothing was sent, and the state is as it was. It would be ${n} calls to ${target}.`);
}

export async function courierOf(
  target: EspTarget,
  { baseUrl }: { readonly baseUrl?: string },
  context: Context,
): Promise<Courier> {
  const esp = await import('../../esp/index.ts');
  const { signal } = context.cancellable();
  const options = { baseUrl, signal, onWait: (words: string) => context.log(words) };
  if (target === 'mailchimp') return esp.mailchimpCourier(esp.openMailchimp(options));
  if (target === 'activecampaign') return esp.activeCampaignCourier(esp.openActiveCampaign(options));
  return esp.klaviyoCourier(new esp.KlaviyoClient({ ...options, key: esp.keyFromEnvironment() }));
}

/** Starts every email of a workflow for one person of one's own, with example values. */
export async function tryOut(
  path: string,
  target: EspTarget,
  flags: { readonly email: string; readonly baseUrl?: string; readonly json?: boolean },
  context: Context,
): Promise<void> {
  if (!isBlockTarget(target))
    throw new UsageError('esp try is for mailchimp and activecampaign; at Klaviyo a flow is previewed there.');
  const { loadExported, placesOf, tryWorkflow } = await import('../../esp/index.ts');
  const { workflow } = loadExported(path);
  const place = placesOf(path, [workflow], target)[workflow.id] as DeliverySources;
  const courier = await courierOf(target, flags, context);
  try {
    const told = await tryWorkflow(courier, workflow, place, flags.email);
    context.out(
      flags.json === true
        ? JSON.stringify({ email: flags.email, workflow: workflow.id, told }, null, 2)
        : [
            `Told ${target} of ${told.length} events for ${flags.email}:`,
            ...told.map(({ step, event }) => `  ${event} starts "${step}"`),
            'Each email should arrive once. One that does not has no automation that is on, or one with another event name.',
          ].join('\n'),
    );
  } finally {
    await courier.close();
  }
}

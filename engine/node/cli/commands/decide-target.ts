// decide --target: what was decided is told to the service, each decision once, by way of an outbox beside the state. The
// outbox is written before the state moves on, so that a run that ends anywhere is finished by the next.

import { basename, dirname, resolve } from 'node:path';
import { UserError } from '../../../base/index.ts';
import type { Delivery, DeliveryPlace, EspTarget } from '../../../esp/index.ts';
import type { Workflow } from '../../../workflow/index.ts';
import type { Decided } from '../../decide.ts';
import type { Courier, Delivered } from '../../esp/index.ts';
import { programmeFiles } from '../../programme-file.ts';
import { loadWorkflow, readWorkflow } from '../../workflow-file.ts';
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
  const { deliveriesOf } = await import('../../../esp/index.ts');
  const { deliverAll, deliveredWords, Outbox, outboxPathOf, withLock } = await import('../../esp/index.ts');
  const { target, state } = flags;
  const places = await placesOf(path, workflows, target);
  const fresh = deliveriesOf(decided.decisions, {
    workflows,
    fields: Object.fromEntries(Object.entries(places).map(([id, { sources }]) => [id, sources])),
    facts: decided.facts,
    rowsOf: decided.rowsOf,
  });
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
  places: Readonly<Record<string, Place>>,
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

export type Place = DeliveryPlace & {
  readonly sources: ReturnType<typeof import('../../../esp/index.ts').desiredBlocks>['fields'];
};

/** What was pushed for each workflow. @throws UserError `NOT_PUSHED` where something of it was not */
export async function placesOf(
  path: string,
  workflows: readonly Workflow[],
  target: EspTarget,
): Promise<Readonly<Record<string, Place>>> {
  const { activeCampaignMaker, audienceOf, desiredBlocks, mailchimpMaker, mergeTag } = await import(
    '../../../esp/index.ts'
  );
  const { loadState, statePathOf } = await import('../../esp/index.ts');
  if (!isBlockTarget(target)) {
    const nothing = { audience: '', tag: '', fields: {}, sources: [] };
    return Object.fromEntries(workflows.map(({ id }) => [id, nothing]));
  }
  const paths = pathsOf(path);
  const maker = target === 'mailchimp' ? mailchimpMaker : activeCampaignMaker;
  const found = workflows.map((workflow): [string, Place] => {
    const own = paths.get(workflow.id) ?? path;
    const statePath = statePathOf(own, target);
    const state = loadState(statePath, target);
    const file = basename(own);
    const desired = desiredBlocks(maker, workflow, { sender: null, place: null, file });
    const needed = [...desired.fields.map(({ key }) => key), desired.tag.key];
    const missing = needed.filter((key) => state?.objects[key] === undefined);
    if (state === null || missing.length > 0) {
      const what = state === null ? `there is no ${statePath}` : `${missing.join(', ')} was not pushed`;
      throw new UserError(
        'NOT_PUSHED',
        `"${workflow.id}" has to be pushed first (${what}): foresend esp plan ${own} --target ${target} --out PLAN, then foresend esp apply PLAN.`,
      );
    }
    const idOf = (key: string) => state.objects[key]?.id ?? '';
    const isMailchimp = target === 'mailchimp';
    const fields = desired.fields.map((field) => [
      field.key,
      isMailchimp ? mergeTag(workflow.id, field) : idOf(field.key),
    ]);
    return [
      workflow.id,
      {
        audience: isMailchimp ? audienceOf(state.account) : '',
        tag: isMailchimp ? (state.objects[desired.tag.key]?.name ?? desired.tag.name) : idOf(desired.tag.key),
        fields: Object.fromEntries(fields) as Record<string, string>,
        sources: desired.fields,
      },
    ];
  });
  return Object.fromEntries(found);
}

/** Where each workflow of a programme stands. */
function pathsOf(path: string): Map<string, string> {
  const programme = programmeFiles(path, readWorkflow(path));
  const files = programme?.workflows ?? [];
  return new Map(files.map((one) => [String(one.file['id']), resolve(dirname(path), one.path)]));
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
  const { eventNamesOf, hashOf } = await import('../../../esp/index.ts');
  const { workflow } = loadWorkflow(path);
  const place = (await placesOf(path, [workflow], target))[workflow.id] as Place;
  const courier = await courierOf(target, flags, context);
  try {
    const time = courier.clock.now();
    const told = [];
    for (const { step, event } of eventNamesOf(workflow)) {
      const values = Object.fromEntries(place.sources.map(({ key, fallback }) => [key, fallback ?? 'example']));
      const person = flags.email;
      const id = hashOf(['try', person, workflow.id, time, step]);
      const base = { id, person, email: person, workflow: workflow.id, time, step, event, values };
      const delivery: Delivery = { ...base, kind: 'send', properties: {}, isEarly: false };
      const why = await courier.deliver(delivery, place, false, () => {});
      if (why !== null)
        throw new UserError('NOT_TOLD', `${person}: ${why}. Use an address of your own that is subscribed there.`);
      told.push({ step, event });
    }
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

// The esp commands at services where no call makes an automation: the same words, the same plan, other calls.

import { basename } from 'node:path';
import type { BlockTarget, BuildSheet, EspPlan, EspTarget, SendScope } from '../../../esp/index.ts';
import type { BlockPlace } from '../../esp/index.ts';
import { assertOutput, writeWhole } from '../../files.ts';
import { type Context, UsageError } from '../context.ts';

export interface BlockOptions {
  readonly target: EspTarget;
  readonly baseUrl?: string;
  readonly state?: string;
  readonly audience?: string;
  readonly json?: boolean;
}

export function isBlockTarget(target: EspTarget): target is BlockTarget {
  return target !== 'klaviyo';
}

/** Opens the service for one command. @param scopeOf what is known when an email goes out */
export async function withBlocks<T>(
  path: string,
  target: BlockTarget,
  options: Omit<BlockOptions, 'target'>,
  context: Context,
  work: (place: BlockPlace) => Promise<T>,
): Promise<T> {
  const { loadExported, openBlockService, statePathOf } = await import('../../esp/index.ts');
  const { workflow, warnings, decides } = loadExported(path);
  for (const { at, message } of warnings) context.log(`warning: ${at}: ${message}`);
  const { signal } = context.cancellable();
  const service = openBlockService(target, {
    baseUrl: options.baseUrl,
    audience: options.audience,
    signal,
    onWait: (words) => context.log(words),
  });
  try {
    const statePath = options.state ?? statePathOf(path, target);
    return await work({ service, workflow, statePath, file: basename(path), decides });
  } finally {
    await service.close();
  }
}

function onStep(context: Context) {
  return (stage: string, done: number, total: number) =>
    context.onProgress({ stage, done, total, unit: 'calls' as const });
}

export interface BlockPlanOptions extends BlockOptions {
  readonly out?: string;
  readonly detailedExitcode?: boolean;
}

/** @param scope what the history at hand has when an email goes out */
export async function planBlocksAt(
  path: string,
  target: BlockTarget,
  options: BlockPlanOptions,
  context: Context,
  scope: SendScope | undefined,
): Promise<void> {
  const { makeBlockPlan, savePlan } = await import('../../esp/index.ts');
  const { changesOf } = await import('../../../esp/index.ts');
  const { printEspPlan } = await import('../print/esp.ts');
  const { plan } = await withBlocks(path, target, options, context, async (place) => {
    const made = await makeBlockPlan(place, scope);
    for (const warning of made.warnings) context.log(`warning: ${warning}`);
    if (options.out !== undefined)
      savePlan(options.out, { plan: made.plan, workflowPath: path, statePath: place.statePath });
    return made;
  });
  context.out(options.json === true ? JSON.stringify(plan, null, 2) : printEspPlan(plan, options.out ?? null));
  if (options.detailedExitcode === true) context.status = changesOf(plan.actions).length > 0 ? 2 : 0;
}

export async function applyBlocksAt(
  path: string,
  plan: EspPlan & { readonly plan: BlockTarget },
  options: Omit<BlockOptions, 'target'>,
  context: Context,
): Promise<void> {
  const { applyBlockPlan } = await import('../../esp/index.ts');
  const { printApply } = await import('../print/esp.ts');
  const report = await withBlocks(path, plan.plan, { ...options, ...audienceIn(plan) }, context, (place) =>
    applyBlockPlan(place, plan, onStep(context)),
  );
  context.out(options.json === true ? JSON.stringify(report, null, 2) : printApply(report, plan.plan));
  if (report.drift.length > 0) context.status = 1;
}

/** A plan is for one audience. */
function audienceIn({ plan, account }: EspPlan): { readonly audience?: string } {
  const audience = plan === 'mailchimp' ? account.split('/')[1] : undefined;
  return audience === undefined ? {} : { audience };
}

export async function verifyBlocksAt(path: string, options: BlockOptions, context: Context): Promise<void> {
  const { verifyBlocks } = await import('../../esp/index.ts');
  const { printChecklist, printVerified } = await import('../print/esp.ts');
  const target = options.target as BlockTarget;
  const verified = await withBlocks(path, target, options, context, verifyBlocks);
  const words = [printVerified(verified, target), '', printChecklist(verified.sheet)];
  context.out(options.json === true ? JSON.stringify(verified, null, 2) : words.join('\n'));
  if (verified.drift.length > 0) context.status = 1;
}

export interface SheetOptions extends BlockOptions {
  readonly out?: string;
  readonly offline?: boolean;
}

/** As a page where `--out` ends in .html, else as text. */
export async function sheetAt(path: string, options: SheetOptions, context: Context): Promise<void> {
  const { target, out } = options;
  if (!isBlockTarget(target)) {
    throw new UsageError(
      'esp sheet is for mailchimp and activecampaign; at Klaviyo the flow itself is made, and `esp plan` lists the rest.',
    );
  }
  if (out !== undefined) assertOutput(out, [path]);
  const sheet =
    options.offline === true
      ? await offlineSheet(path, target, context)
      : await askedSheet(path, target, options, context);
  if (options.json === true) context.out(JSON.stringify(sheet, null, 2));
  const { printBuildSheet } = await import('../print/build-sheet.ts');
  if (out === undefined) {
    if (options.json !== true) context.out(printBuildSheet(sheet));
    return;
  }
  const { buildSheetPage } = await import('../../pages/build-sheet.ts');
  writeWhole(out, /\.html?$/i.test(out) ? buildSheetPage(sheet) : `${printBuildSheet(sheet)}\n`);
  if (options.json !== true) context.out(`${out}: ${sheet.steps.length} steps.`);
}

async function askedSheet(
  path: string,
  target: BlockTarget,
  options: SheetOptions,
  context: Context,
): Promise<BuildSheet> {
  const { verifyBlocks } = await import('../../esp/index.ts');
  return (await withBlocks(path, target, options, context, verifyBlocks)).sheet;
}

async function offlineSheet(path: string, target: BlockTarget, context: Context): Promise<BuildSheet> {
  const { loadExported, sheetOffline } = await import('../../esp/index.ts');
  const { activeCampaignMaker, mailchimpMaker } = await import('../../../esp/index.ts');
  const { workflow, warnings, decides } = loadExported(path);
  const made = sheetOffline(
    target === 'mailchimp' ? mailchimpMaker : activeCampaignMaker,
    workflow,
    basename(path),
    decides,
  );
  for (const warning of [...warnings.map(({ at, message }) => `${at}: ${message}`), ...made.warnings]) {
    context.log(`warning: ${warning}`);
  }
  return made.sheet;
}

export async function adoptBlocksAt(path: string, options: BlockOptions, context: Context): Promise<void> {
  const { adoptBlocks, statePathOf } = await import('../../esp/index.ts');
  const { printAdopted } = await import('../print/esp.ts');
  const target = options.target as BlockTarget;
  const adopted = await withBlocks(path, target, options, context, adoptBlocks);
  const statePath = options.state ?? statePathOf(path, target);
  context.out(options.json === true ? JSON.stringify(adopted, null, 2) : printAdopted(adopted, statePath));
}

export async function destroyBlocksAt(
  path: string,
  options: BlockOptions & { readonly dryRun?: boolean },
  context: Context,
): Promise<void> {
  const { destroyBlocks } = await import('../../esp/index.ts');
  const { printRemoved } = await import('../print/esp.ts');
  const target = options.target as BlockTarget;
  const removed = await withBlocks(path, target, options, context, (place) =>
    destroyBlocks(place, options.dryRun === true, onStep(context)),
  );
  context.out(options.json === true ? JSON.stringify(removed, null, 2) : printRemoved(removed, target));
}

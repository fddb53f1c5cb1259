// esp plan, apply, verify, adopt, destroy, status: a workflow at the email service. Only apply, destroy and status write
// there. The key comes from the environment and goes nowhere else.

import { type Command, Option } from 'commander';
import type { BlockTarget, EspPlan, EspTarget, SendScope, StandingFlow } from '../../../esp/index.ts';
import type { Workflow } from '../../../workflow/index.ts';
import type { BothRuns, KlaviyoClient } from '../../esp/index.ts';
import { assertOutput } from '../../files.ts';
import { type Context, UsageError } from '../context.ts';
import { jsonOption } from '../options.ts';
import {
  adoptBlocksAt,
  applyBlocksAt,
  destroyBlocksAt,
  isBlockTarget,
  planBlocksAt,
  type SheetOptions,
  sheetAt,
  verifyBlocksAt,
} from './esp-blocks.ts';

interface ServiceOptions {
  readonly baseUrl?: string;
  readonly json?: boolean;
}
interface WorkflowOptions extends ServiceOptions {
  readonly target: EspTarget;
  readonly state?: string;
  readonly audience?: string;
}

interface PlanOptions extends WorkflowOptions {
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  readonly workspace?: string;
  readonly dataset?: string;
}

const TARGETS: readonly EspTarget[] = ['klaviyo', 'mailchimp', 'activecampaign'];

export function serviceOptions(command: Command): Command {
  return jsonOption(command).option('--base-url <url>', 'where the service is, for a gateway or a test');
}

export function targetOption(): Option {
  return new Option('--target <service>', 'the email service').choices([...TARGETS]).default('klaviyo');
}

export function registerEsp(program: Command, context: Context): void {
  const esp = program
    .command('esp')
    .description(
      'carry a workflow to the email service; the key comes from the environment (KLAVIYO_API_KEY; MAILCHIMP_API_KEY; ACTIVECAMPAIGN_API_KEY with ACTIVECAMPAIGN_URL), and so does a proxy (HTTPS_PROXY, NO_PROXY)',
    );
  const onWorkflow = (name: string) =>
    serviceOptions(esp.command(`${name} <workflow>`))
      .addOption(targetOption())
      .option('--audience <id|name>', 'the audience, where a Mailchimp account has several')
      .option('--state <file>', 'what was created there (default: WORKFLOW.TARGET.json beside the workflow)');

  onWorkflow('plan')
    .description('what would be created, changed, left, or has to be done by hand; writes nothing there')
    .option('--out <plan>', 'save the plan, to be read and applied')
    .option(
      '--detailed-exitcode',
      'end with 0 where nothing is to be done, 2 where something is (2 is wrong usage too)',
    )
    .option(
      '--workspace <file>',
      'check texts against what people and events have there, and replay it as designed and as Klaviyo would run it',
    )
    .option('--dataset <name>', 'the dataset there (default: the only one)')
    .action(async (path: string, options: PlanOptions) => {
      const { makePlan, savePlan } = await import('../../esp/index.ts');
      const { changesOf } = await import('../../../esp/index.ts');
      const { printBothRuns, printEspPlan } = await import('../print/esp.ts');
      const { workflow, warnings, statePath } = await opened(path, options);
      const { out, target } = options;
      if (out !== undefined) assertOutput(out, [path, statePath]);
      if (isBlockTarget(target)) {
        const scope =
          options.workspace === undefined ? undefined : await scopeIn(options.workspace, options.dataset, workflow);
        if (scope === undefined)
          context.log(
            'No history was looked at, so texts are not checked against what is known when an email goes out; --workspace does that.',
          );
        return planBlocksAt(path, target, options, context, scope);
      }
      const seen =
        options.workspace === undefined ? undefined : await seenIn(options.workspace, options.dataset, workflow);
      if (seen === undefined) {
        context.log(
          'No history was looked at, so texts are not checked against what is known when an email goes out, and nothing is replayed as Klaviyo would run it; --workspace does both.',
        );
      }
      const made = await withClient(options, context, (client) => makePlan(client, workflow, statePath, seen?.scope));
      for (const warning of [...warnings, ...made.warnings]) context.log(`warning: ${warning}`);
      if (out !== undefined) savePlan(out, { plan: made.plan, workflowPath: path, statePath });
      const both = seen?.both(made.standing);
      const document = both === undefined ? made.plan : { ...made.plan, replay: both };
      const words = [printEspPlan(made.plan, out ?? null), ...(both === undefined ? [] : ['', printBothRuns(both)])];
      context.out(options.json === true ? JSON.stringify(document, null, 2) : words.join('\n'));
      if (options.detailedExitcode === true) context.status = changesOf(made.plan.actions).length > 0 ? 2 : 0;
    });

  serviceOptions(esp.command('apply <plan>'))
    .description('carry out exactly a saved plan, as drafts; an interrupted one goes on where it stopped')
    .option('--workflow <file>', 'where the workflow is now (default: where it was when the plan was made)')
    .option('--state <file>', 'where the state file is now')
    .action(async (path: string, options: ServiceOptions & { workflow?: string; state?: string }) => {
      const { applyPlan, loadExported, loadPlan } = await import('../../esp/index.ts');
      const { printApply } = await import('../print/esp.ts');
      const saved = loadPlan(path);
      if (isBlockPlan(saved.plan)) {
        const state = options.state ?? saved.statePath;
        return applyBlocksAt(options.workflow ?? saved.workflowPath, saved.plan, { ...options, state }, context);
      }
      const { workflow } = loadExported(options.workflow ?? saved.workflowPath);
      const report = await withClient(options, context, (client) =>
        applyPlan(client, {
          plan: saved.plan,
          workflow,
          statePath: options.state ?? saved.statePath,
          onStep: (stage, done, total) => context.onProgress({ stage, done, total, unit: 'calls' }),
        }),
      );
      context.out(options.json === true ? JSON.stringify(report, null, 2) : printApply(report, 'klaviyo'));
      if (report.drift.length > 0) context.status = 1;
    });

  onWorkflow('verify')
    .description('compare what is there with the workflow; ends with 1 where it differs')
    .action(async (path: string, options: WorkflowOptions) => {
      if (isBlockTarget(options.target)) return verifyBlocksAt(path, options, context);
      const { verifyExport } = await import('../../esp/index.ts');
      const { printVerified } = await import('../print/esp.ts');
      const { workflow, statePath } = await opened(path, options);
      const verified = await withClient(options, context, (client) => verifyExport(client, workflow, statePath));
      context.out(options.json === true ? JSON.stringify(verified, null, 2) : printVerified(verified, 'klaviyo'));
      if (verified.drift.length > 0) context.status = 1;
    });

  onWorkflow('adopt')
    .description('bind the state file to what exists, by marker or name; changes nothing there')
    .option('--flow <id>', 'the flow, where neither its marker nor its name says it')
    .action(async (path: string, options: WorkflowOptions & { flow?: string }) => {
      if (isBlockTarget(options.target)) {
        if (options.flow !== undefined)
          throw new UsageError('--flow is for Klaviyo; building blocks are found by marker or name.');
        return adoptBlocksAt(path, options, context);
      }
      const { adopt } = await import('../../esp/index.ts');
      const { printAdopted } = await import('../print/esp.ts');
      const { workflow, statePath } = await opened(path, options);
      const adopted = await withClient(options, context, (client) =>
        adopt(client, workflow, statePath, options.flow ?? null),
      );
      context.out(options.json === true ? JSON.stringify(adopted, null, 2) : printAdopted(adopted, statePath));
    });

  onWorkflow('destroy')
    .description('remove what Foresend created for the workflow, and nothing else; a live flow is refused')
    .option('--dry-run', 'say what would be removed')
    .action(async (path: string, options: WorkflowOptions & { dryRun?: boolean }) => {
      if (isBlockTarget(options.target)) return destroyBlocksAt(path, options, context);
      const { destroy } = await import('../../esp/index.ts');
      const { printRemoved } = await import('../print/esp.ts');
      const { workflow, statePath } = await opened(path, options);
      const removed = await withClient(options, context, (client) =>
        destroy(client, workflow, statePath, options.dryRun === true, (stage, done, total) =>
          context.onProgress({ stage, done, total, unit: 'calls' }),
        ),
      );
      context.out(options.json === true ? JSON.stringify(removed, null, 2) : printRemoved(removed, 'klaviyo'));
    });

  onWorkflow('sheet')
    .description('what a person builds at Mailchimp or ActiveCampaign, step by step, with every value to copy')
    .option('--out <file>', 'write it: a page where it ends in .html, else text')
    .option('--offline', 'ask nobody: nothing is ticked, and the sender is not named')
    .action((path: string, options: SheetOptions) => sheetAt(path, options, context));

  onWorkflow('try')
    .description('start every email of the workflow once, for one address of your own; sends real emails to it')
    .addOption(new Option('--email <address>', 'a subscribed contact there').makeOptionMandatory())
    .action(async (path: string, options: WorkflowOptions & { email: string }) => {
      const { tryOut } = await import('./decide-target.ts');
      await tryOut(path, options.target, options, context);
    });

  onWorkflow('status')
    .description('set the flow to draft, manual or live; the only command that can start emails')
    .addOption(new Option('--to <status>', 'the new status').choices(['draft', 'manual', 'live']).makeOptionMandatory())
    .action(async (path: string, options: WorkflowOptions & { to: 'draft' | 'manual' | 'live' }) => {
      if (isBlockTarget(options.target))
        throw new UsageError(
          'esp status is for Klaviyo: elsewhere no call turns an automation on or off. Do it there; `esp verify` shows what it can see of it.',
        );
      const { setStatus } = await import('../../esp/index.ts');
      const { printStatus } = await import('../print/esp.ts');
      const { workflow, statePath } = await opened(path, options);
      const change = await withClient(options, context, (client) => setStatus(client, workflow, statePath, options.to));
      context.out(options.json === true ? JSON.stringify(change, null, 2) : printStatus(change));
    });
}

/** The workflow and its state. */
async function opened(path: string, { target, state }: WorkflowOptions) {
  const { loadExported, statePathOf } = await import('../../esp/index.ts');
  const { workflow, warnings } = loadExported(path);
  const words = warnings.map(({ at, message }) => `${at}: ${message}`);
  return { workflow, warnings: words, statePath: state ?? statePathOf(path, target) };
}

interface Seen {
  readonly scope: SendScope;
  /** Null where either form cannot be replayed. */
  readonly both: (standing: StandingFlow | null) => BothRuns | null;
}

async function seenIn(path: string, dataset: string | undefined, workflow: Workflow): Promise<Seen> {
  const { Workspace } = await import('../../store/index.ts');
  const { sendScope } = await import('../../../esp/index.ts');
  const { bothRuns } = await import('../../esp/index.ts');
  const workspace = Workspace.open(path, { readonly: true });
  try {
    const history = workspace.loadHistory(workspace.resolveDataset(dataset));
    return {
      scope: sendScope(history, workflow),
      both: (standing) => bothRuns(history, workflow, standing),
    };
  } finally {
    workspace.close();
  }
}

function isBlockPlan(plan: EspPlan): plan is EspPlan & { readonly plan: BlockTarget } {
  return isBlockTarget(plan.plan);
}

async function scopeIn(path: string, dataset: string | undefined, workflow: Workflow): Promise<SendScope> {
  const { Workspace } = await import('../../store/index.ts');
  const { sendScope } = await import('../../../esp/index.ts');
  const workspace = Workspace.open(path, { readonly: true });
  try {
    return sendScope(workspace.loadHistory(workspace.resolveDataset(dataset)), workflow);
  } finally {
    workspace.close();
  }
}

export async function withClient<T>(
  { baseUrl }: ServiceOptions,
  context: Context,
  work: (client: KlaviyoClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { KlaviyoClient: Client, keyFromEnvironment } = await import('../../esp/index.ts');
  const { signal } = context.cancellable();
  const client = new Client({ key: keyFromEnvironment(), baseUrl, signal, onWait: (words) => context.log(words) });
  try {
    return await work(client, signal);
  } finally {
    await client.close();
  }
}

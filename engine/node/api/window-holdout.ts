// What the window asks to plan a test and to read one. Plans that were locked are kept in the workspace, in the order of
// locking; results come in as files by handle and are kept nowhere, but for the counts of looks under a plan.

import type {
  ExportAnswer,
  HoldoutAnalyzeRequest,
  HoldoutApi,
  HoldoutLockRequest,
  HoldoutPlanRequest,
  HoldoutReading,
  ResultsFile,
} from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import type {
  HoldoutAnalysis,
  LockedPlan,
  LookLog,
  LooksReading,
  PastTest,
  QuestionsAnswer,
} from '../../holdout/index.ts';
import { Backend } from './backend.ts';

const PLANS = 'holdout-plans';
/** Looks at tests, by the hash of their plan. */
const LOOKS = 'holdout-looks';

type Looked = Readonly<Record<string, unknown>>;

export abstract class HoldoutBackend extends Backend implements HoldoutApi {
  readonly #exports: string;

  constructor(workspace: string, exports: string) {
    super(workspace);
    this.#exports = exports;
  }

  /** Runs a job on the paths of handles, with the user's names of the files in all it says. */
  protected abstract withFiles<T>(
    handles: readonly string[],
    job: (paths: readonly string[]) => Promise<T>,
  ): Promise<T>;

  async holdoutPlan({ questions, settings, inFull }: HoldoutPlanRequest): Promise<QuestionsAnswer> {
    const { planQuestions } = await import('../../holdout/index.ts');
    return planQuestions(questions, settings, inFull);
  }

  async holdoutLock(request: HoldoutLockRequest): Promise<{ plan: LockedPlan; file: ExportAnswer }> {
    const { lockPlan, planHoldout } = await import('../../holdout/index.ts');
    const { exportText } = await import('./export-file.ts');
    const { question, settings, fraction, name, metric, workflow, foretold } = request;
    if (question.kind !== 'rate') {
      throw new UserError('HOLDOUT_LOCK', 'A plan is locked for a rate; money is read beside it, by the same people.');
    }
    const { eligiblePerWeek, ...asked } = question;
    const plan = lockPlan({
      plan: planHoldout({
        ...asked,
        fraction,
        power: settings.power,
        alpha: settings.alpha,
        deadlineWeeks: settings.deadlineWeeks,
        outcomeWindowMs: settings.outcomeWindowMs,
        eligiblePerWeek: eligiblePerWeek ?? undefined,
      }),
      name,
      metric,
      look: settings.look,
      lockedAt: Date.now(),
      workflow,
      foretold,
    });
    this.write((workspace) => workspace.setNote(PLANS, [...this.#plans(), plan]));
    const text = `${JSON.stringify(plan, null, 2)}\n`;
    return { plan, file: exportText(this.#exports, 'holdout-plan.json', 'application/json', text) };
  }

  async holdoutPlans(): Promise<readonly LockedPlan[]> {
    return this.exists() ? this.#plans() : [];
  }

  async holdoutPast(): Promise<readonly PastTest[]> {
    if (!this.exists()) return [];
    const { pastTests } = await import('../../holdout/index.ts');
    return pastTests(
      this.#plans(),
      (this.read((workspace) => workspace.note(LOOKS)) ?? {}) as Readonly<Record<string, LookLog>>,
    );
  }

  async holdoutReadPlan({ file }: { readonly file: string }): Promise<LockedPlan> {
    const { readLock } = await import('../holdout-lock.ts');
    return this.withFiles([file], async ([path = '']) => readLock(path));
  }

  async holdoutLook({ file }: { readonly file: string }): Promise<ResultsFile> {
    const { lookAtTest } = await import('../holdout-look.ts');
    return this.withFiles([file], async ([path = '']) => ({ name: path, ...(await lookAtTest(path)) }));
  }

  async holdoutAnalyze(request: HoldoutAnalyzeRequest): Promise<HoldoutReading> {
    const { parseRatio, readingOf, readLockedPlan, readUnderPlan } = await import('../../holdout/index.ts');
    const { readTest } = await import('../holdout-file.ts');
    const { file, arm, control, outcomes, value, before, per, credited, ratio } = request;
    const plan = request.plan === null ? null : readLockedPlan(request.plan, 'The plan');
    return this.withFiles([file], async ([path = '']) => {
      const analysis = await readTest(path, {
        arm,
        control,
        outcomes,
        value: value ?? undefined,
        before: before ?? undefined,
        per: per ?? undefined,
        credited: credited ?? undefined,
        ...(plan === null ? {} : readingOf(plan)),
        ...(ratio === null ? {} : { ratio: parseRatio(ratio) }),
      });
      const underPlan = plan === null ? null : readUnderPlan(analysis, plan, { ratio: ratio !== null });
      return { analysis, underPlan, looks: plan === null ? null : await this.#look(plan, analysis) };
    });
  }

  /** Remembered by plan; null where this is none of its looks: a plan that was changed, or several arms. */
  async #look(plan: LockedPlan, analysis: HoldoutAnalysis): Promise<LooksReading | null> {
    const { addLook, emptyLog, isIntact, readLookLog } = await import('../../holdout/index.ts');
    const isOne = analysis.arms.filter(({ outcome }) => outcome === plan.metric).length === 1;
    if (!isIntact(plan) || !isOne || analysis.alpha !== plan.alpha) return null;
    const all = (this.exists() ? (this.read((workspace) => workspace.note(LOOKS)) ?? {}) : {}) as Looked;
    const before = all[plan.hash];
    const kept =
      before === undefined ? emptyLog(plan.metric, plan.alpha, plan.hash) : readLookLog(before, 'The workspace');
    const { log, reading } = addLook(kept, analysis, { at: Date.now(), plannedTotal: plan.n.total });
    if (log.looks.length > kept.looks.length) {
      this.write((workspace) => workspace.setNote(LOOKS, { ...all, [plan.hash]: log }));
    }
    return reading;
  }

  #plans(): readonly LockedPlan[] {
    return (this.read((workspace) => workspace.note(PLANS)) ?? []) as readonly LockedPlan[];
  }
}

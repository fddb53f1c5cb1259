// A plan saved to be read, reviewed and applied later. Beside the plan stands where its workflow and state are, relative
// to the plan's own place, so that a checkout can be moved whole.

import { dirname, relative, resolve } from 'node:path';
import { UserError } from '../../base/index.ts';
import { ESP_NAMES, type EspPlan } from '../../esp/index.ts';
import { readText, writeWhole } from '../files.ts';
import { fileIssues } from './file-schema.ts';
import { isRecord } from './klaviyo-client.ts';

export interface SavedPlan {
  readonly plan: EspPlan;
  readonly workflowPath: string;
  readonly statePath: string;
}

export function savePlan(path: string, { plan, workflowPath, statePath }: SavedPlan): void {
  const from = dirname(resolve(path));
  const files = { workflow: relative(from, resolve(workflowPath)), state: relative(from, resolve(statePath)) };
  writeWhole(path, `${JSON.stringify({ ...plan, files }, null, 2)}\n`);
}

/** @throws UserError where the file is no plan, or of a later version */
export function loadPlan(path: string): SavedPlan {
  let value: unknown;
  try {
    value = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('BAD_PLAN', `${path} is not valid JSON.`);
  }
  const isPlan = isRecord(value) && String(value['plan']) in ESP_NAMES;
  if (!isPlan) throw new UserError('BAD_PLAN', `${path} is no plan that "foresend esp plan --out" wrote.`);
  const issues = fileIssues('plan', value, 'BAD_PLAN');
  if (issues.length > 0)
    throw new UserError('BAD_PLAN', `${path} is no plan that can be applied; make a new one.`, issues);
  const { files, ...plan } = value as { files: { workflow: string; state: string } };
  const from = dirname(resolve(path));
  return {
    plan: plan as unknown as EspPlan,
    workflowPath: resolve(from, files.workflow),
    statePath: resolve(from, files.state),
  };
}

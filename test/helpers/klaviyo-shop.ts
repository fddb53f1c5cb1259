// A small shop at Klaviyo with the workflow of the guide, and what an account holds in a form that two runs can be
// compared in.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkWorkflow, type Workflow } from '../../engine/workflow/index.ts';
import { KlaviyoAccount } from './klaviyo-account.ts';

export type WorkflowJson = Record<string, unknown>;

export function cartRecovery(change: (file: WorkflowJson) => void = () => {}): WorkflowJson {
  const path = join(import.meta.dirname, '..', '..', 'fixtures', 'workflows', 'cart-recovery.json');
  const file = JSON.parse(readFileSync(path, 'utf8')) as WorkflowJson;
  change(file);
  return file;
}

export function workflowOf(file: WorkflowJson): Workflow {
  const { workflow, issues } = checkWorkflow(file);
  if (workflow === null) throw new Error(JSON.stringify(issues));
  return workflow;
}

export function shop(nPeople = 7, id = 'ACC1'): KlaviyoAccount {
  const account = new KlaviyoAccount(id);
  account.addMetric('Added to Cart');
  account.addMetric('Purchased');
  account.addMetric('Received Email', 'Klaviyo');
  for (let i = 0; i < nPeople; i++) account.addProfile();
  account.createTemplate({ name: 'Newsletter', editor_type: 'CODE', html: '<p>News</p>' });
  return account;
}

/** All that matters of an account; times of assignment differ from run to run. */
export function contentOf(account: KlaviyoAccount): unknown {
  const { flows, templates, segments, profiles } = account;
  return structuredClone({
    flows,
    templates,
    segments,
    profiles: profiles.map(({ id, properties }) => ({
      id,
      properties: Object.fromEntries(Object.entries(properties).filter(([key]) => !key.endsWith('_time'))),
    })),
  });
}

// The plan and the state file against their published schemas: what is written has the form, and whatever is broken in
// it is named by its path before any call goes out.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../../engine/base/index.ts';
import { applyPlan, loadPlan, loadState, makePlan, savePlan } from '../../../../engine/node/esp/index.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import { bench } from '../../../helpers/klaviyo.ts';
import { cartRecovery, shop, workflowOf } from '../../../helpers/klaviyo-shop.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

// biome-ignore lint/suspicious/noExplicitAny: files are broken on purpose
type Json = any;

async function written() {
  const one = await bench({ account: shop() });
  const folder = temporaryFolder();
  cleanUps.push(() => one.close(), folder.remove);
  const workflow = workflowOf(cartRecovery((file) => void (file['globalHoldout'] = { fraction: 0.05, salt: 'all-1' })));
  const statePath = join(folder.path, 'cart.klaviyo.json');
  const planPath = join(folder.path, 'cart.plan.json');
  const { plan } = await makePlan(one.client(), workflow, statePath);
  savePlan(planPath, { plan, workflowPath: join(folder.path, 'cart.json'), statePath });
  await applyPlan(one.client(), { plan, workflow, statePath });
  return { planPath, statePath };
}

function issuesOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return (error.issues ?? []).map(({ at, message }) => `${at}: ${message}`);
    throw error;
  }
  return [];
}

function broken(path: string, change: (file: Json) => void): void {
  const file = JSON.parse(readFileSync(path, 'utf8'));
  change(file);
  writeFileSync(path, JSON.stringify(file));
}

describe('the published schemas', () => {
  it('resolve by themselves, strictly, and take what is written', async () => {
    const { planPath, statePath } = await written();
    for (const [name, path] of [
      ['esp-plan', planPath],
      ['esp-state', statePath],
    ] as const) {
      const file = join(import.meta.dirname, '../../../../engine/esp', `${name}.schema.json`);
      const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
        JSON.parse(readFileSync(file, 'utf8')),
      );
      expect([validate(JSON.parse(readFileSync(path, 'utf8'))), validate.errors]).toEqual([true, null]);
    }
    expect(issuesOf(() => loadPlan(planPath))).toEqual([]);
    expect(issuesOf(() => loadState(statePath, 'klaviyo'))).toEqual([]);
  });
});

describe('a broken file', () => {
  it.each<[string, (plan: Json) => void, string]>([
    ['without a verb', (plan) => delete plan.actions[1].verb, 'actions[1].verb: This is missing.'],
    [
      'with a call of another kind',
      (plan) => (plan.actions[0].requests[0].path = '/api/profiles'),
      'actions[0].requests[0].path: ',
    ],
    [
      'with a method that is none',
      (plan) => (plan.actions[0].requests[0].method = 'HEAD'),
      'actions[0].requests[0].method: This must be one of POST, PATCH, PUT, DELETE.',
    ],
    [
      'with a key too many',
      (plan) => (plan.holdout['extra key'] = 1),
      'holdout["extra key"]: This key is not known here.',
    ],
    ['of a later version', (plan) => (plan.foresend = 2), 'foresend: This must be 1.'],
    ['without its files', (plan) => delete plan.files.state, 'files.state: This is missing.'],
  ])('a plan %s is refused with the place', async (_, change, words) => {
    const { planPath } = await written();
    broken(planPath, change);
    expect(issuesOf(() => loadPlan(planPath)).join('\n')).toContain(words);
  });

  it.each<[string, (state: Json) => void, string]>([
    ['an object without its name', (state) => delete state.objects.flow.name, 'objects.flow.name: This is missing.'],
    [
      'a number for an id',
      (state) => (state.objects['template:reminder'].id = 7),
      'objects["template:reminder"].id: This must be string.',
    ],
    ['a text for a time', (state) => (state.applies[0].at = 'today'), 'applies[0].at: This must be integer.'],
    ['a share above one', (state) => (state.holdout.fraction = 2), 'holdout.fraction: '],
  ])('a state with %s is refused with the place', async (_, change, words) => {
    const { statePath } = await written();
    broken(statePath, change);
    expect(issuesOf(() => loadState(statePath, 'klaviyo')).join('\n')).toContain(words);
  });
});

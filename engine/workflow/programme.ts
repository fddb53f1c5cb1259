// The two files beside workflows: a programme (workflows that share caps and recency, in order of priority) and a
// scenario (a workflow with settings, a dataset, a response model and a seed). Other files are named, not read, here.

import type { Issue } from '../base/index.ts';
import { readHoldout } from './check-rules.ts';
import { Fields, Findings, isScalar, readHead, shown, under } from './fields.ts';
import type { Setting } from './overrides.ts';
import { isRecord } from './shapes.ts';

export interface Programme {
  readonly id: string;
  readonly name: string;
  /** Files, as written, highest priority first: due emails of one instant are taken in this order. */
  readonly workflows: readonly string[];
  /** People left out of all of them. */
  readonly globalHoldout: { readonly fraction: number; readonly salt: string } | null;
}

export interface Scenario {
  readonly id: string;
  readonly name: string;
  /** A workflow's file, as written. */
  readonly workflow: string;
  /** Null: the only one there is. */
  readonly dataset: string | null;
  /** In file order, for `applySettings`. */
  readonly settings: readonly Setting[];
  /** A response model's file, as written; null: the defaults. */
  readonly response: string | null;
  readonly seed: number;
}

/** Never throws, whatever it is given; null where there is any error. */
export function checkProgramme(file: unknown): { programme: Programme | null; issues: readonly Issue[] } {
  const findings = new Findings();
  const fields = Fields.of(findings, file, '', 'programme', ['foresend', 'programme', 'workflows'], 'a programme');
  if (fields === null) return { programme: null, issues: findings.issues };
  readHead(fields);
  const id = fields.name('programme');
  const programme: Programme = {
    id,
    name: fields.optionalName('name') ?? id,
    workflows: fields.names('workflows'),
    globalHoldout: fields.has('globalHoldout') ? readHoldout(fields, 'globalHoldout') : null,
  };
  return { programme: findings.failed ? null : programme, issues: findings.issues };
}

/** Never throws, whatever it is given; null where there is any error. */
export function checkScenario(file: unknown): { scenario: Scenario | null; issues: readonly Issue[] } {
  const findings = new Findings();
  const fields = Fields.of(findings, file, '', 'scenario', ['foresend', 'scenario', 'workflow'], 'a scenario');
  if (fields === null) return { scenario: null, issues: findings.issues };
  readHead(fields);
  const id = fields.name('scenario');
  const scenario: Scenario = {
    id,
    name: fields.optionalName('name') ?? id,
    workflow: fields.name('workflow'),
    dataset: fields.optionalName('dataset'),
    settings: readSettings(fields),
    response: fields.optionalName('response'),
    seed: fields.optionalNumber('seed', { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true }) ?? 1,
  };
  return { scenario: findings.failed ? null : scenario, issues: findings.issues };
}

/** `set`: paths in the workflow and their values; whether a path exists is known when it is applied. */
function readSettings(fields: Fields): readonly Setting[] {
  const set = fields.get('set');
  if (set === undefined) return [];
  if (!isRecord(set)) {
    const message = `"set" is an object of paths and values such as { "trigger.within": "2h" }; ${shown(set)} is not.`;
    fields.findings.error('WRONG_TYPE', fields.path('set'), message);
    return [];
  }
  for (const [path, value] of Object.entries(set)) {
    if (path.trim() !== '' && (value === null || isScalar(value) || typeof value === 'object')) continue;
    fields.findings.error(
      'BAD_SET',
      under(fields.path('set'), path),
      'A setting needs a path, as in "trigger.within".',
    );
  }
  return Object.entries(set).map(([path, value]) => ({ path, value }));
}

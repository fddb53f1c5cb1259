// What the window keeps of a workflow at any service: the plan that was shown, beside the files made for the user, so that
// what is applied is exactly what was read; and what somebody ticked, beside the workflow.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CallOptions, EspAction, EspStanding, ExportAnswer } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import { type EspPlan, type EspTarget, fitOf, titleOf } from '../../esp/index.ts';
import { loadExported, loadPlan, loadState, type SavedPlan, savePlan, statePathOf } from '../esp/index.ts';
import type { SessionKey } from '../esp/keys.ts';
import { readText, writeWhole } from '../files.ts';
import { exportText } from './export-file.ts';

export interface EspPlace {
  readonly workflowPath: string;
  /** Where the plan last shown is kept. */
  readonly folder: string;
  readonly key: SessionKey;
}

export abstract class EspDesk {
  protected readonly target: EspTarget;
  protected readonly place: EspPlace;
  protected readonly statePath: string;

  constructor(target: EspTarget, place: EspPlace) {
    this.target = target;
    this.place = place;
    this.statePath = statePathOf(place.workflowPath, target);
  }

  /** Asks nothing of the network. */
  protected known(): Omit<EspStanding, 'sheet' | 'canTell'> {
    const workflow = this.workflow();
    const state = loadState(this.statePath, this.target);
    return {
      key: this.place.key.from,
      url: this.place.key.address.url,
      differences: {
        klaviyo: fitOf(workflow, 'klaviyo'),
        mailchimp: fitOf(workflow, 'mailchimp'),
        activecampaign: fitOf(workflow, 'activecampaign'),
      },
      account: state?.account ?? null,
      applies: state?.applies.map(({ at, workflowHash }) => ({ at, workflowHash })) ?? [],
      isUnfinished: state?.applying != null,
    };
  }

  protected exported() {
    return loadExported(this.place.workflowPath);
  }

  /** What is exported otherwise than the file says. */
  protected said(): string[] {
    return this.exported()
      .warnings.filter(({ code }) => code === 'IN_PROGRAMME')
      .map(({ message }) => message);
  }

  protected workflow() {
    return this.exported().workflow;
  }

  protected keep(plan: EspPlan): void {
    savePlan(this.#planPath, { plan, workflowPath: this.place.workflowPath, statePath: this.statePath });
  }

  /** @throws UserError `STALE_PLAN` where another was shown since */
  protected shown(hash: string): SavedPlan {
    const saved = existsSync(this.#planPath) ? loadPlan(this.#planPath) : null;
    if (saved?.plan.hash !== hash) {
      throw new UserError('STALE_PLAN', 'That plan is no longer here; make a new plan and read it.');
    }
    return saved;
  }

  /** With the places of workflow and state written out, so that it can be applied from anywhere on this computer. */
  planFile(hash: string): ExportAnswer {
    const { plan, workflowPath, statePath } = this.shown(hash);
    const files = { workflow: resolve(workflowPath), state: resolve(statePath) };
    const text = `${JSON.stringify({ ...plan, files }, null, 2)}\n`;
    return exportText(this.place.folder, `${plan.workflow.id}.${this.target}-plan.json`, 'application/json', text);
  }

  protected ticks(): readonly string[] {
    if (!existsSync(this.#ticksPath)) return [];
    try {
      const { done } = JSON.parse(readText(this.#ticksPath)) as { readonly done?: unknown };
      return Array.isArray(done) ? done.filter((one) => typeof one === 'string') : [];
    } catch {
      throw new UserError('BAD_TICKS', `${this.#ticksPath} cannot be read; mend it or remove it.`);
    }
  }

  /** @param tick the thing with its value: another value is another thing to do */
  protected setTick(tick: string, isDone: boolean): void {
    const others = this.ticks().filter((one) => one !== tick);
    const done = isDone ? [...others, tick] : others;
    writeWhole(this.#ticksPath, `${JSON.stringify({ done }, null, 2)}\n`);
  }

  get #planPath(): string {
    return join(this.place.folder, `${this.target}-plan.json`);
  }

  get #ticksPath(): string {
    return this.statePath.replace(/\.json$/, '-by-hand.json');
  }
}

export function actionsOf({ actions }: EspPlan): EspAction[] {
  return actions
    .filter(({ verb }) => verb !== 'by hand')
    .map(({ verb, key, type, title, name, remark, why, changes, requests }) => {
      const calls = requests.map(({ method, path }) => ({ method, path }));
      return { verb, key, type, title, name: titleOf(name), remark, why, changes, requests: calls };
    });
}

export function stepsTo({ onProgress }: CallOptions) {
  return (stage: string, done: number, total: number) => onProgress?.({ stage, done, total, unit: 'calls' });
}

/** Waits that a service asks for are said, not sat through in silence. */
export function waitsTo({ onProgress }: CallOptions) {
  return (stage: string) => onProgress?.({ stage, done: 0, total: null, unit: '' });
}

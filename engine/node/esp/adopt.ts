// Binding a state file to what exists at Klaviyo: reads what bears the marker or a wanted name, the flow asked for, and
// the templates its emails name, and writes the state file alone. Nothing is changed there.

import { UserError } from '../../base/index.ts';
import {
  adoptFlow,
  type Bound,
  type CurrentTemplate,
  type DesiredKlaviyo,
  desiredKlaviyo,
  type EspState,
  emptyState,
  type KlaviyoCurrent,
  recordObject,
  templateIdOf,
  titleOf,
} from '../../esp/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import { refuse } from './carrier.ts';
import { isRecord, type KlaviyoClient } from './klaviyo-client.ts';
import { readCurrent, readTemplate } from './read-account.ts';
import { loadState, saveState, withLock } from './state-file.ts';

export interface Adopted {
  readonly account: string;
  readonly bound: readonly Bound[];
  /** Keys of the workflow's objects that exist nowhere. */
  readonly missing: readonly string[];
}

/** @param flow id or exact name of a flow that has neither marker nor title; null: by these. @throws UserError */
export async function adopt(
  client: KlaviyoClient,
  workflow: Workflow,
  statePath: string,
  flow: string | null,
): Promise<Adopted> {
  return withLock(statePath, async () => {
    const before = loadState(statePath, 'klaviyo');
    const titles = await wantedTitles(client, workflow, before);
    const asked = flow === null ? before : withFlow(before ?? emptyState('klaviyo', workflow.id, ''), flow);
    const current = await readCurrent(client, workflow, asked, flow === null ? titles : [...titles, flow]);
    const desired = desiredKlaviyo(workflow, current);
    refuse(desired.problems, `"${workflow.id}" cannot be exported to Klaviyo as it is`);
    const named = await templatesOfEmails(client, current);
    const { state, bound, missing, issues } = adoptFlow(desired, current, flow, before, named);
    refuse(issues, 'Nothing was bound');
    if (before !== null && before.workflow !== workflow.id) {
      const words = `The state file is of the workflow "${before.workflow}", not of "${workflow.id}"; name another with --state.`;
      throw new UserError('OTHER_WORKFLOW', words);
    }
    if (state !== null) saveState(statePath, state);
    return { account: current.accountId, bound, missing };
  });
}

/** Names under which a person may have made the same objects. */
async function wantedTitles(client: KlaviyoClient, workflow: Workflow, state: EspState | null): Promise<string[]> {
  const desired = desiredKlaviyo(workflow, await readCurrent(client, workflow, state));
  refuse(desired.problems, `"${workflow.id}" cannot be exported to Klaviyo as it is`);
  return namesOf(desired).map(titleOf);
}

function namesOf({ templates, segments, flow }: DesiredKlaviyo): string[] {
  return [...templates, ...segments, ...(flow === null ? [] : [flow])].map(({ name }) => name);
}

function withFlow(state: EspState, id: string): EspState {
  return recordObject(state, 'flow', { type: 'flow', id, name: '', wantedHash: '', readHash: null });
}

/** Copies that Klaviyo made for an email stand in no list, so they are asked for one by one. */
async function templatesOfEmails(
  client: KlaviyoClient,
  { flows, templates }: KlaviyoCurrent,
): Promise<CurrentTemplate[]> {
  const ids = flows.flatMap(({ definition }) => {
    const actions = isRecord(definition) && Array.isArray(definition['actions']) ? definition['actions'] : [];
    return actions.flatMap((action: unknown) => templateIdOf(action) ?? []);
  });
  const found: CurrentTemplate[] = [];
  for (const id of new Set(ids)) {
    const template = templates.find((one) => one.id === id) ?? (await readTemplate(client, id));
    if (template !== null) found.push(template);
  }
  return found;
}

// What was pushed for each workflow, as far as deliveries need it, from the state files beside the workflows; and the texts
// that fill its fields.

import { basename, dirname, resolve } from 'node:path';
import { UserError } from '../../base/index.ts';
import {
  activeCampaignMaker,
  audienceOf,
  type DeliveryPlace,
  desiredBlocks,
  type EspTarget,
  mailchimpMaker,
  mergeTag,
  type SentField,
} from '../../esp/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import { programmeFiles } from '../programme-file.ts';
import { readWorkflow } from '../workflow-file.ts';
import { loadState, statePathOf } from './state-file.ts';

export type DeliverySources = DeliveryPlace & { readonly sources: readonly SentField[] };

/**
 * @param path of the workflow or programme
 * @returns by workflow
 * @throws UserError `NOT_PUSHED` where something of it was not
 */
export function placesOf(
  path: string,
  workflows: readonly Workflow[],
  target: EspTarget,
): Readonly<Record<string, DeliverySources>> {
  if (target === 'klaviyo') {
    const nothing = { audience: '', tag: '', fields: {}, sources: [] };
    return Object.fromEntries(workflows.map(({ id }) => [id, nothing]));
  }
  const paths = pathsOf(path);
  const maker = target === 'mailchimp' ? mailchimpMaker : activeCampaignMaker;
  const found = workflows.map((workflow): [string, DeliverySources] => {
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

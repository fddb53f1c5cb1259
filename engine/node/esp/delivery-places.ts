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
  type SyncedField,
} from '../../esp/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import { programmeFiles } from '../programme-file.ts';
import { readWorkflow } from '../workflow-file.ts';
import { loadState, statePathOf } from './state-file.ts';

export type DeliverySources = DeliveryPlace & {
  readonly sources: readonly SentField[];
  readonly synced: readonly SyncedField[];
};

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
  const paths = pathsOf(path);
  if (target === 'klaviyo') {
    const nothing = { audience: '', tag: '', fields: {}, sources: [], synced: [] };
    return Object.fromEntries(
      workflows.map(({ id }) => {
        const state = loadState(statePathOf(paths.get(id) ?? path, target), target);
        return [id, state === null ? nothing : { ...nothing, account: state.account }];
      }),
    );
  }
  const maker = target === 'mailchimp' ? mailchimpMaker : activeCampaignMaker;
  const found = workflows.map((workflow): [string, DeliverySources] => {
    const own = paths.get(workflow.id) ?? path;
    const statePath = statePathOf(own, target);
    const state = loadState(statePath, target);
    const file = basename(own);
    const desired = desiredBlocks(maker, workflow, { sender: null, place: null, file });
    // A step that was never pushed has no automation that its event would start.
    const perStep = desired.blocks.filter(({ type }) => ['template', 'message', 'event'].includes(type));
    const needed = [...desired.fields, desired.tag, ...perStep].map(({ key }) => key);
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
        account: state.account,
        audience: isMailchimp ? audienceOf(state.account) : '',
        tag: isMailchimp ? (state.objects[desired.tag.key]?.name ?? desired.tag.name) : idOf(desired.tag.key),
        fields: Object.fromEntries(fields) as Record<string, string>,
        sources: desired.fields,
        synced: desired.synced,
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

// The arms of known people, written into their profiles before a flow can send: arm, salt and time, by the hash every
// replay uses. Whoever carries an arm under this salt keeps it, whoever wrote it. Writing is an upsert and may be
// repeated; who was written before an interruption is not written again.

import { UserError } from '../../base/index.ts';
import { assignmentOf, globalProperty, type HoldoutProperties } from '../../esp/index.ts';
import { assignArm } from '../../holdout/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import { isRecord, type KlaviyoClient } from './klaviyo-client.ts';

export interface Assigned {
  /** People with an arm now. */
  readonly people: number;
  readonly treated: number;
  readonly holdout: number;
  /** Of them, those who carried it already. */
  readonly kept: number;
  /** People newly marked as held out of every workflow. */
  readonly heldOutOfAll: number;
}

interface Written {
  readonly salt: string;
  readonly fraction: number;
}

type Upsert = { type: 'profile'; id: string; attributes: { properties: Record<string, unknown> } };

/** The vendor takes 10,000 and 5 MB. */
const MOST_AT_ONCE = 1000;
const LOOK_MS = [500, 1000, 2000, 5000] as const;
const MOST_LOOKS = 400;

/** @param before the holdout the profiles were last written for: with another share, known people change arms */
export async function assignPeople(
  client: KlaviyoClient,
  holdout: HoldoutProperties | null,
  global: Workflow['globalHoldout'],
  before: Written | null,
  globalBefore: Written | null,
  onProgress: (people: number) => void = () => {},
): Promise<Assigned> {
  const counts = { people: 0, treated: 0, holdout: 0, kept: 0, heldOutOfAll: 0 };
  let waiting: Upsert[] = [];
  const flush = async () => {
    if (waiting.length > 0) await write(client, waiting);
    waiting = [];
  };
  const query = { 'fields[profile]': 'properties', 'page[size]': '100', sort: 'id' };
  for await (const { data } of client.pages('/api/profiles', query)) {
    for (const { id, attributes } of data) {
      const carried = isRecord(attributes['properties']) ? attributes['properties'] : {};
      const properties: Record<string, unknown> = {};
      if (holdout !== null) {
        const carriedArm = armOf(carried, holdout);
        const isOutdated = carriedArm !== null && hadArmBy(before, holdout, id) === carriedArm;
        const known = isOutdated ? null : carriedArm;
        const assigned = assignmentOf(holdout, id, client.clock.now());
        if (known === null) Object.assign(properties, assigned.properties);
        else counts.kept++;
        counts[known ?? assigned.arm]++;
        counts.people++;
      }
      if (global !== null && global.fraction > 0) {
        const name = globalProperty(global.salt);
        const isMarked = carried[name] === 'holdout';
        if (assignArm(global.salt, id, global.fraction) === 'holdout') {
          if (!isMarked) properties[name] = 'holdout';
          if (!isMarked) counts.heldOutOfAll++;
        } else if (isMarked && hadMarkBy(globalBefore, global, id)) properties[name] = 'treated';
      }
      if (Object.keys(properties).length > 0) waiting.push({ type: 'profile', id, attributes: { properties } });
    }
    onProgress(counts.people);
    if (waiting.length >= MOST_AT_ONCE) await flush();
  }
  await flush();
  return counts;
}

/** The arm by which a person was known while another share was held out; null where the share is the same. */
function hadArmBy(
  before: Written | null,
  { saltValue, fraction }: HoldoutProperties,
  id: string,
): 'treated' | 'holdout' | null {
  if (before === null || before.salt !== saltValue || before.fraction === fraction) return null;
  const arm = assignArm(saltValue, id, before.fraction);
  return arm === assignArm(saltValue, id, fraction) ? null : arm;
}

/** Marked while a larger share was held out of everything; whoever else marked a person is left to it. */
function hadMarkBy(before: Written | null, { salt }: { readonly salt: string }, id: string): boolean {
  return before !== null && before.salt === salt && assignArm(salt, id, before.fraction) === 'holdout';
}

/** The arm a profile carries under this salt; null where it carries none. */
export function armOf(
  properties: Readonly<Record<string, unknown>>,
  { arm, salt, saltValue }: HoldoutProperties,
): 'treated' | 'holdout' | null {
  const value = properties[arm];
  return properties[salt] === saltValue && (value === 'treated' || value === 'holdout') ? value : null;
}

async function write(client: KlaviyoClient, rows: readonly Upsert[]): Promise<void> {
  const body = { data: { type: 'profile-bulk-import-job', attributes: { profiles: { data: rows } } } };
  let job = await client.put('POST', '/api/profile-bulk-import-jobs', body);
  for (let look = 0; look < MOST_LOOKS; look++) {
    const attributes = job?.attributes ?? {};
    const { status } = attributes;
    const failed = Number(attributes['failed_count'] ?? 0);
    if (status === 'complete' && failed === 0) return;
    if (status === 'complete' || status === 'cancelled') {
      throw new UserError(
        'PEOPLE_NOT_WRITTEN',
        `Klaviyo could not write the arm of ${failed || rows.length} of ${rows.length} people, so the flow is not made. Run the same command again; whoever has an arm keeps it.`,
      );
    }
    await client.clock.sleep(LOOK_MS[Math.min(look, LOOK_MS.length - 1)] as number);
    if (job !== null) job = await client.get(`/api/profile-bulk-import-jobs/${encodeURIComponent(job.id)}`);
  }
  throw new UserError(
    'PEOPLE_NOT_WRITTEN',
    'Klaviyo has not finished writing the arms of people. Run the same command again; it goes on where it stopped.',
  );
}

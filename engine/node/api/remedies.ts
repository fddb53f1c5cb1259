// Remedies of a dataset as they are asked for: by the id of the finding they answer.

import type { DatasetInfo, DescribeAnswer } from '../../api/index.ts';
import { listed, UserError } from '../../base/index.ts';
import { type Remedy, remedyWords } from '../../remedies/index.ts';
import type { DatasetInfo as KeptInfo } from '../store/index.ts';

/** What crosses to a page of what is kept of a dataset. */
export function datasetInfoOf(kept: KeptInfo): DatasetInfo {
  const { name, persons, events, observedUntil, fingerprint, sources, savedAt, remedies } = kept;
  return { name, persons, events, observedUntil, fingerprint, sources, savedAt, remedies };
}

/** So that no figure of a mended dataset goes without saying so. */
export function remediesNote(name: string, remedies: readonly Remedy[]): string[] {
  return remedies.length === 0 ? [] : [`"${name}" is mended: ${listed(remedies.map(remedyWords))}.`];
}

export function remedyFor({ quality, remedies, dataset }: DescribeAnswer, id: string): Remedy {
  const finding = quality.find((one) => one.id === id);
  if (finding?.repair !== undefined) return finding.repair;
  if (finding !== undefined) {
    throw new UserError('NO_REMEDY', `"${finding.title}" cannot be mended here. ${finding.remedy}`);
  }
  if (remedies.some((one) => one.id === id)) {
    throw new UserError('NO_REMEDY', `"${id}" is applied to "${dataset}" already.`);
  }
  const there = quality.filter(({ repair }) => repair !== undefined).map((one) => one.id);
  const choice = there.length === 0 ? 'nothing in it can be mended here' : `there is ${listed(there)}`;
  throw new UserError('NO_REMEDY', `"${dataset}" has no finding "${id}"; ${choice}.`);
}

/** Those that were applied later stay, and work on what is there then. */
export function remediesWithout(remedies: readonly Remedy[], id: string): readonly Remedy[] {
  if (remedies.some((one) => one.id === id)) return remedies.filter((one) => one.id !== id);
  const applied = remedies.length === 0 ? 'none is' : `applied: ${listed(remedies.map((one) => one.id))}`;
  throw new UserError('NO_REMEDY', `No remedy "${id}" is applied; ${applied}.`);
}

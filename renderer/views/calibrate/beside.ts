// What can be set beside the window: prices and settings of the emails, each with values around its own. The windows of a
// grid are fewer than those of the curve, so that its cells can be read.

import type { WorkflowFile } from '../../../engine/api/index.ts';
import { parseDuration } from '../../../engine/base/index.ts';
import { sweptValues, type WaitSetting } from '../../state/questions.ts';

export interface Beside {
  readonly path: string;
  /** As it stands in the list. */
  readonly name: string;
  /** As `--over` takes them, ascending; the one in force among them. */
  readonly values: readonly string[];
}

const MOST_WINDOWS = 8;
const DELAYS = ['0m', '1h', '4h', '12h', '24h', '48h', '72h', '7d'];
const PERCENTS = [5, 10, 15, 20, 30];

export function besideOptions(file: WorkflowFile | null): Beside[] {
  const options: Beside[] = [];
  const margin = recordOf(file?.['economics'])?.['margin'];
  if (typeof margin === 'number' && margin > 0) {
    const values = [0.5, 0.75, 1, 1.25, 1.5].map((factor) => Math.min(1, Number((margin * factor).toFixed(3))));
    options.push({ path: 'economics.margin', name: 'Margin', values: [...new Set(values)].map(String) });
  }
  const sequence = Array.isArray(file?.['sequence']) ? (file['sequence'] as unknown[]) : [];
  sequence.forEach((entry, i) => {
    const step = recordOf(entry);
    if (step === null || 'paths' in step) return;
    const delay = step['delay'];
    if (typeof delay === 'string') options.push(delayOption(i, delay, sequence));
    const percent = recordOf(step['incentive'])?.['percent'];
    if (typeof percent === 'number') {
      const values = [...new Set([...PERCENTS, percent])].sort((a, b) => a - b).map(String);
      options.push({ path: `sequence[${i}].incentive.percent`, name: `Discount of email ${i + 1}, %`, values });
    }
  });
  return options.filter(({ values }) => values.length > 1);
}

/** Delays that keep the order of the emails, which are all counted from the trigger or from the one before. */
function delayOption(i: number, own: string, sequence: readonly unknown[]): Beside {
  const at = (j: number): number | null => {
    const step = recordOf(sequence[j]);
    const delay = step?.['delay'];
    return typeof delay === 'string' && step?.['from'] !== 'previous' ? parseDuration(delay) : null;
  };
  const isRelative = recordOf(sequence[i])?.['from'] === 'previous';
  const least = isRelative ? null : at(i - 1);
  const most = isRelative ? null : at(i + 1);
  const values = DELAYS.filter((text) => {
    const ms = parseDuration(text) ?? 0;
    return ms !== parseDuration(own) && (least === null || ms > least) && (most === null || ms < most);
  });
  return {
    path: `sequence[${i}].delay`,
    name: `Delay of email ${i + 1}`,
    values: [...values, own].sort((a, b) => (parseDuration(a) ?? 0) - (parseDuration(b) ?? 0)),
  };
}

/** Every so many of the windows, with the first, the last and the one in force. */
export function gridWindows(wait: Pick<WaitSetting, 'kind' | 'value'>): string[] {
  const all = sweptValues(wait);
  if (all.length <= MOST_WINDOWS) return all;
  const every = (all.length - 1) / (MOST_WINDOWS - 1);
  const kept = new Set(Array.from({ length: MOST_WINDOWS }, (_, i) => Math.round(i * every)));
  const own = all.indexOf(wait.value);
  if (!kept.has(own)) {
    const nearest = [...kept].sort((a, b) => Math.abs(a - own) - Math.abs(b - own));
    const out = nearest.find((i) => i !== 0 && i !== all.length - 1);
    if (out !== undefined) kept.delete(out);
    kept.add(own);
  }
  return all.filter((_, i) => kept.has(i));
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

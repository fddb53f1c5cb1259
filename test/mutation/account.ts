// What came of the mutants: the share that was killed with its interval, by operator, and every survivor.

import { relative } from 'node:path';
import type { MutantResult } from '@stryker-mutator/api/core';
import { wilsonInterval } from '../../engine/stats/index.ts';
import type { Sample } from './sample.ts';

/** A text of lines. Killed are the mutants that made a test fail or never end; the others count as survivors. */
export function account(results: readonly MutantResult[], { share, seed }: Sample): string {
  const tried = results.filter((result) => isKilled(result) || hasSurvived(result));
  const broken = results.filter(({ status }) => status === 'RuntimeError').length;
  const survivors = tried.filter(hasSurvived).sort(byPlace);
  return [
    `${results.length} mutants, ${tried.length + broken} drawn (share ${share}, seed ${seed})`,
    `killed: ${rate(tried.length - survivors.length, tried.length)}`,
    broken === 0 ? [] : `${broken} could not be run and are left out`,
    '',
    ...operators(tried),
    '',
    `Survivors (${survivors.length}):`,
    ...survivors.map((result) => `  ${describeMutant(result)}`),
    '',
  ]
    .flat()
    .join('\n');
}

/** One line: place (line and column from 1), operator, what stands there instead. */
export function describeMutant({ fileName, location, mutatorName, replacement, status }: MutantResult): string {
  const place = `${relative(process.cwd(), fileName)}:${location.start.line}:${location.start.column}`;
  const end = `${location.end.line}:${location.end.column}`;
  const untested = status === 'NoCoverage' ? ' (no test comes here)' : '';
  return `${place}-${end} ${mutatorName} -> ${replacement.replace(/\s+/g, ' ').slice(0, 100)}${untested}`;
}

export function hasSurvived({ status }: MutantResult): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

function isKilled({ status }: MutantResult): boolean {
  return status === 'Killed' || status === 'Timeout';
}

function rate(x: number, n: number): string {
  if (n === 0) return 'no mutant was drawn; take a larger --share';
  const [low, high] = wilsonInterval({ n, x }, 0.05);
  return `${x} of ${n} = ${percent(x / n)} (95 % interval ${percent(low)} to ${percent(high)})`;
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}

function operators(tried: readonly MutantResult[]): string[] {
  const names = [...new Set(tried.map(({ mutatorName }) => mutatorName))].sort();
  return names.map((name) => {
    const of = tried.filter(({ mutatorName }) => mutatorName === name);
    return `${name}: ${of.filter(isKilled).length} of ${of.length}`;
  });
}

function byPlace(a: MutantResult, b: MutantResult): number {
  return (
    a.fileName.localeCompare(b.fileName) ||
    a.location.start.line - b.location.start.line ||
    a.location.start.column - b.location.start.column
  );
}

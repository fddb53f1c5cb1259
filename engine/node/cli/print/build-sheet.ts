// The build sheet as text: numbered steps, boxes, and every value on a line of its own, so that it can be copied whole.

import { type BuildSheet, ESP_NAMES, type NumberedStep, type SheetField } from '../../../esp/index.ts';
import { aboutSheet, tickWords } from '../../pages/build-sheet.ts';
import { wrapped } from '../table.ts';

export function printBuildSheet(sheet: BuildSheet): string {
  const title = `${sheet.workflow.name} at ${ESP_NAMES[sheet.target]}: what to build by hand`;
  return [title, ...wrapped(aboutSheet(sheet), 0), ...sheet.steps.flatMap(lines)].join('\n');
}

function lines(step: NumberedStep): string[] {
  const { n, title, ownWords, own, shared, isDone } = step;
  const all = [...shared, ...own];
  const width = Math.max(0, ...all.map(({ name }) => name.length)) + 2;
  const rows = (fields: readonly SheetField[]) =>
    fields.map(
      ({ name, value }) => `      ${`${name}:`.padEnd(width)}${value.replaceAll('\n', `\n${' '.repeat(6 + width)}`)}`,
    );
  return [
    '',
    ...wrapped(`${isDone === true ? '[x]' : '[ ]'} ${String(n).padStart(2)}. ${title}`, 0, 8),
    ...ownWords.flatMap((words) => wrapped(words, 6)),
    ...(shared.length === 0 ? [] : ['      The same in every one:', ...rows(shared), '      In this one:']),
    ...rows(own),
    ...wrapped(tickWords(step), 6),
  ];
}

// Dates as people write them, days or months first: not read, but known, so that what is said of them helps.

const LOCAL = /^\s*(\d{1,2})([./-])(\d{1,2})\2(\d{4})(\D.*)?$/;

/** Whether nearly all cells are such dates. */
export function areLocalDates(cells: readonly string[]): boolean {
  return cells.length > 0 && cells.filter((cell) => LOCAL.test(cell)).length >= 0.9 * cells.length;
}

/** How they become dates that can be read; as the beginning of a sentence. @param cells as of `areLocalDates` */
export function localDatesHint(cells: readonly string[]): string {
  const dates = cells.map((cell) => LOCAL.exec(cell)).filter((found) => found !== null);
  const firsts = dates.map(([, first]) => Number(first));
  const seconds = dates.map(([, , , second]) => Number(second));
  const isDayFirst = firsts.some((n) => n > 12) || dates.every(([, , mark]) => mark === '.');
  const isMonthFirst = seconds.some((n) => n > 12);
  const how = 'In a spreadsheet, give the column the format YYYY-MM-DD hh:mm:ss and save the file again';
  const [one] = dates;
  if (one === undefined || isDayFirst === isMonthFirst)
    return `${how} (whether days or months stand first cannot be told from them)`;
  const [, first = '', , second = '', year = '', rest = ''] = one;
  const [day, month] = isDayFirst ? [first, second] : [second, first];
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${rest}`.trim();
  return `${isDayFirst ? 'Days' : 'Months'} stand first. ${how} (${one[0].trim()} is then ${iso})`;
}

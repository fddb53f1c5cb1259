import { describe, expect, it } from 'vitest';
import { cronProblem } from '../../../engine/workflow/index.ts';

describe('cron lines', () => {
  it.each([
    '0 6 * * *',
    '*/15 * * * *',
    '0 9-17/2 * * 1-5',
    '0,30 0 1,15 1-12 0',
    '0 0 29 2 *',
    '0 0 30 2 1',
    '5 4 * * 7',
    ' 0  6 * * * ',
  ])('accept %s', (line) => expect(cronProblem(line)).toBeNull());

  it.each([
    ['0 6 * *', 'five fields'],
    ['0 0 6 * * *', 'seconds are not among them'],
    ['', 'this has 0'],
    ['@daily', 'write "0 0 * * *"'],
    ['@reboot', 'no cron line'],
    ['60 6 * * *', 'the minute is 0 to 59, not 60'],
    ['0 24 * * *', 'the hour is 0 to 23, not 24'],
    ['0 6 0 * *', 'the day of month is 1 to 31, not 0'],
    ['0 6 * 13 *', 'the month is 1 to 12, not 13'],
    ['0 6 * * 8', 'the day of week is 0 to 7, not 8'],
    ['0 6 * * MON', 'write 1, not mon'],
    ['0 6 * JAN *', 'write 1, not jan'],
    ['0 6 * * SUN', 'write 0, not sun'],
    ['0 17-9 * * *', 'write 17-23,0-9'],
    ['5/10 * * * *', 'write 5-59/10'],
    ['*/0 * * * *', 'step of 0'],
    ['0 6 L * *', 'is not *'],
    ['0 6 ? * 1', 'is not *'],
    ['0 0 30 2 *', 'never run'],
    ['0 0 31 2,4,6 *', 'never run'],
  ])('refuse %s', (line, why) => expect(cronProblem(line)).toContain(why));
});

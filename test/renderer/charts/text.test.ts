import { expect, it } from 'vitest';
import { chartText } from '../../../renderer/charts/text.ts';

const chart = {
  title: 'Who gets it',
  hint: '',
  alternative: 'Of 4,849 candidates 2,767 enroll.',
  table: {
    columns: ['Stage', 'Number', 'Lost'],
    rows: [
      ['Candidates', '4,849', ''],
      ['Enrolled', '2,767', '669'],
    ],
  },
  stamp: 'data 6a539c50, seed 1',
};

it('stands in a message as title, finding, figures under each other, and what they were made of', () => {
  expect(chartText(chart)).toBe(
    [
      'Who gets it',
      'Of 4,849 candidates 2,767 enroll.',
      '',
      'Stage       Number  Lost',
      'Candidates   4,849',
      'Enrolled     2,767   669',
      '',
      'data 6a539c50, seed 1',
      '',
    ].join('\n'),
  );
});

it('names the unit behind the title, and leaves out what is not known', () => {
  const words = chartText({ ...chart, hint: 'paired 95% interval', alternative: '', stamp: '' });
  expect(words.split('\n')[0]).toBe('Who gets it (paired 95% interval)');
  expect(words.endsWith('669\n')).toBe(true);
  expect(words).not.toContain('\n\n\n');
});

it('counts letters, not their bytes: a minus sign takes one place', () => {
  const table = {
    columns: ['x', 'y'],
    rows: [
      ['a', '−5'],
      ['b', '+50 🎁'],
    ],
  };
  const lines = chartText({ ...chart, table })
    .split('\n')
    .slice(3, 6);
  expect(lines.map((line) => [...line].length)).toEqual([8, 8, 8]);
});

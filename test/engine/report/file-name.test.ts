import { expect, it } from 'vitest';
import { fileName } from '../../../engine/report/file-name.ts';

it('leaves the folders of a path away, whichever way its slashes lean', () => {
  expect(fileName('/home/me/a shop.csv')).toBe('a shop.csv');
  expect(fileName('C:\\data\\shop.csv')).toBe('shop.csv');
  expect(fileName('shop.csv')).toBe('shop.csv');
});

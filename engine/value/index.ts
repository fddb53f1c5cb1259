export * from './beside-holdout.ts';
export * from './later-value.ts';
export * from './modelled-later.ts';
export * from './recorded-credit.ts';
export * from './secondary.ts';
export * from './secondary-tally.ts';

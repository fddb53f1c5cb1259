export * from './backtest.ts';
export * from './beside.ts';
export * from './forecast.ts';
export * from './measured.ts';
export * from './track-record.ts';
export * from './until.ts';
export * from './weeks.ts';

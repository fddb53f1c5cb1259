export * from './backtest.ts';
export * from './forecast.ts';
export * from './measured.ts';
export * from './weeks.ts';

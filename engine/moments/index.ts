export * from './moment.ts';
export * from './moments.ts';

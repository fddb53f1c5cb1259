export * from './moment.ts';
export * from './moments.ts';
export * from './people.ts';

export * from './gallery.ts';
export * from './roster.ts';
export * from './search.ts';

export * from './property-column.ts';
export * from './string-table.ts';
export * from './time-column.ts';
export * from './value-column.ts';

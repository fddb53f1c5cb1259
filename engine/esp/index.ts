export * from './klaviyo-types.ts';
export * from './types.ts';

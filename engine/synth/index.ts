export * from './bench.ts';
export * from './cart.ts';
export * from './conversion.ts';
export { type EffectStep, type EffectTruth, type EmailEffect, effectTruth } from './email-effect.ts';
export type { ExportRow } from './export-rows.ts';
export * from './parameters.ts';
export * from './write.ts';

export * from './adoption.ts';
export * from './bench.ts';
export * from './cart.ts';
export * from './conversion.ts';
export {
  type EffectStep,
  type EffectTruth,
  type EmailEffect,
  effectTruth,
  effectTruthOf,
  runSequence,
} from './email-effect.ts';
export type { ExportRow } from './export-rows.ts';
export * from './parameters.ts';
export { plainCsv, plainJsonLines, plainRows } from './plain-text.ts';
export * from './saas.ts';
export * from './silence.ts';
export * from './winback.ts';
export { type Stop, WINBACK_DEFAULTS, type WinbackEffect, type WinbackParameters } from './winback-parameters.ts';
export * from './write.ts';

import type { CartTruth } from './cart.ts';
import type { SaasTruth } from './saas.ts';
import type { WinbackTruth } from './winback.ts';

export type SyntheticModel = 'cart' | 'saas' | 'winback';
export type SyntheticTruth = CartTruth | SaasTruth | WinbackTruth;

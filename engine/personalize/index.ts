export * from './active-hours.ts';
export { PREVIEW_KINDS, type PreviewKind, type PreviewReport } from './previews.ts';
export { type PersonalizeReport, type PropertyReport, personalizeReport } from './report.ts';
export * from './send-times.ts';
export { startingMatch } from './sends.ts';
export { SUBJECT_MAX, type SubjectReport } from './subjects.ts';
export { DatedTable, type TableInput, type TableRow } from './tables.ts';
export type { NameUse } from './texts.ts';
export type { NameKind } from './values.ts';

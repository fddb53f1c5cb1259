export { atRiskAt, drawnSteps, firstInterestingMs, survivalAt } from './charts/survival-read.ts';
export { type TimeAxis, timeAxis, timeX } from './charts/time-axis.ts';
export { demoReport } from './demo-report.ts';
export type * from './document.ts';
export { type Known, known } from './estimates.ts';
export {
  agreementWords,
  anywayRange,
  creditRuleWords,
  creditWords,
  effectCountWords,
  flowsHeadline,
  ownTestWords,
  recordedWords,
} from './flow-words.ts';
export { escapeHtml } from './html.ts';
export { lookReport } from './look-report.ts';
export { type PageAssets, pagePolicy, renderPage } from './page.ts';
export {
  boundWords,
  effectFinding,
  INPUT_NAMES,
  inputValue,
  type ProfitStep,
  profitParts,
  profitStepText,
  widthParts,
} from './sections/projection.ts';
export { PLAIN_TERMS, termsFor } from './terms.ts';
export type * from './types.ts';
export * from './words/choice.ts';
export * from './words/course.ts';
export * from './words/matters.ts';
export * from './words/rules.ts';
export * from './words/silence.ts';

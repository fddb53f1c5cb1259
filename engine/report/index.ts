export { demoReport } from './demo-report.ts';
export type * from './document.ts';
export { lookReport } from './look-report.ts';
export { type PageAssets, pagePolicy, renderPage } from './page.ts';
export { PLAIN_TERMS, termsFor } from './terms.ts';
export type * from './types.ts';

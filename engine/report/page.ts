// One self-contained HTML file from a report: style, script, font and figures inline, nothing fetched, ever. The policy
// in its head lets only the page's own scripts run, named by their hashes where the host can make them.

import { BOOTSTRAP } from './bootstrap.ts';
import type { ChartSpec } from './charts/spec.ts';
import type { ReportDocument } from './document.ts';
import { escapeHtml, jsonForScript, renderKeyFigures, renderSection, renderText } from './html.ts';
import { STYLE } from './style.ts';

export interface PageAssets {
  /** The text of a script that defines `echarts` (init, line, bar, scatter, SVG renderer). */
  readonly echartsSource: string;
  /** `@font-face` rules with the font as a data URI; without them the system's typeface is used. */
  readonly fontCss?: string;
  /** `sha256-…` of a script's text, base64, for the page's policy. Without it the policy allows inline scripts. */
  readonly scriptHash?: (source: string) => string;
}

export function renderPage(document: ReportDocument, assets: PageAssets): string {
  const charts: ChartSpec[] = [];
  const sections = document.sections.map((section) => renderSection(section, charts)).join('\n');
  const library = charts.length === 0 ? '' : scriptText(assets.echartsSource);
  const scripts = [library, BOOTSTRAP].filter((source) => source !== '');
  const keys = document.keyFigures.length === 0 ? '' : renderKeyFigures(document.keyFigures);
  const lead = document.lead === null ? '' : `<p>${renderText(document.lead)}</p>`;
  const stamp = document.stamp
    .map(({ name, value }) => `<span>${escapeHtml(name)} <code>${escapeHtml(value)}</code></span>`)
    .join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${pagePolicy(scripts, assets.scriptHash)}">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">
<meta name="generator" content="Foresend"><title>${escapeHtml(document.title)}</title>
<style>${assets.fontCss ?? ''}
${STYLE}</style>
<noscript><style>.plot,.top button{display:none}</style></noscript></head>
<body><div class="page">
<header class="top">${MARK}<b>Foresend</b><span>${escapeHtml(document.title)}</span><span class="sp"></span>
<button id="theme" type="button" hidden>Dark</button></header>
<main><div class="lead"><p class="eyebrow"><b>${escapeHtml(document.subject)}</b> &middot; ${escapeHtml(document.question)}</p>
<h1>${renderText(document.headline)}</h1>${lead}${keys}</div>
${sections}</main>
<footer class="stamp">${stamp}</footer>
<div id="live" class="sr" aria-live="polite"></div></div>
<script type="application/json" id="charts">${jsonForScript(charts)}</script>
${scripts.map((source) => `<script>${source}</script>`).join('\n')}
</body></html>
`;
}

/** The policy of a page with these scripts; hosts that serve the page can send it as a header as well. */
export function pagePolicy(scripts: readonly string[], scriptHash?: (source: string) => string): string {
  const allowed = scriptHash === undefined ? "'unsafe-inline'" : scripts.map((s) => `'${scriptHash(s)}'`).join(' ');
  return `default-src 'none'; style-src 'unsafe-inline'; script-src ${allowed}; img-src data:; font-src data:; base-uri 'none'; form-action 'none'`;
}

/**
 * A library's text as it can stand in a script element: its closing tag must not occur in it, and line ends are
 * already those a parser would make of them, so that the hash fits. A source map's address would be looked up.
 */
function scriptText(source: string): string {
  return source
    .replace(/\r\n?/g, '\n')
    .replace(/<\/(?=script)/gi, '<\\/')
    .replace(/<!--/g, '<\\!--')
    .replace(/^\/\/# sourceMappingURL=.*$/gm, '');
}

const MARK =
  '<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"><path d="M2 14.5C8 14.5 8 4 16 3.5" fill="none" ' +
  'stroke="currentColor" stroke-width="2" stroke-linecap="round"/><path d="M2 14.5c5 0 8-2.5 14-2.5" fill="none" ' +
  'stroke="var(--ink-3)" stroke-width="1.5" stroke-linecap="round" stroke-dasharray=".1 3"/></svg>';

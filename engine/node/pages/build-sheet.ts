// The build sheet as one page: numbered, every value to be copied whole with a double click, boxes to tick. It prints in
// black on white, and a step is never torn apart by a page's end where it fits on one. Nothing is fetched and nothing runs.

import { type BuildSheet, ESP_NAMES, type NumberedStep, type SheetField } from '../../esp/index.ts';
import { escapeHtml } from '../../report/index.ts';
import { reportAssets } from '../report-assets.ts';

const STYLE = `
:root{--bg:#fff;--ink:#16191d;--ink-2:#47505a;--ink-3:#5f6974;--line:#d5dae0;--sunk:#f1f3f5;--done:#1e5fc2;color-scheme:light}
@media screen and (prefers-color-scheme:dark){:root{--bg:#15181c;--ink:#eceef1;--ink-2:#b6bdc6;--ink-3:#939ca7;--line:#333a42;
--sunk:#1d2126;--done:#6ea5f8;color-scheme:dark}}
*{box-sizing:border-box;margin:0}
body{font:400 13px/18px "Inter Variable",Inter,system-ui,sans-serif;color:var(--ink);background:var(--bg);padding:28px}
main{max-width:860px;margin:0 auto}
h1{font-size:20px;line-height:26px;font-weight:600;letter-spacing:-.015em;text-wrap:balance}
.about{color:var(--ink-2);margin:4px 0 16px}
ol{list-style:none;padding:0}
li{display:grid;grid-template-columns:18px 22px minmax(0,1fr);column-gap:8px;padding:10px 0;border-top:1px solid var(--line);break-inside:avoid}
.box{width:14px;height:14px;margin-top:2px;border:1.5px solid var(--ink-3);border-radius:3px}
.box.done{border-color:var(--done);background:var(--done)}
.n{font-variant-numeric:tabular-nums;color:var(--ink-3);text-align:right}
h2{font-size:13px;line-height:18px;font-weight:600}
p{color:var(--ink-2);max-width:76ch;text-wrap:pretty}
.head{display:flex;gap:12px;align-items:baseline}.tick{margin-left:auto;font-size:11.5px;color:var(--ink-3);white-space:nowrap;flex:none}
dl{display:grid;grid-template-columns:minmax(96px,auto) minmax(0,1fr);gap:2px 12px;margin-top:5px}
dt{color:var(--ink-3);white-space:nowrap}
dd{min-width:0}
code{font:400 12px/17px ui-monospace,"SF Mono",Menlo,Consolas,monospace;background:var(--sunk);border-radius:3px;padding:0 4px;
overflow-wrap:anywhere;white-space:pre-wrap;user-select:all;-webkit-user-select:all;box-decoration-break:clone;-webkit-box-decoration-break:clone}
h3{font-size:11.5px;line-height:16px;font-weight:600;color:var(--ink-2);margin-top:6px}
@page{size:A4;margin:10mm 12mm}
@media print{body{padding:0;font-size:8.4pt;line-height:10.8pt}main{max-width:none}h1{font-size:13pt;line-height:16pt}
.about{margin:2pt 0 5pt}li{padding:3pt 0;column-gap:5pt}h2{font-size:8.6pt;line-height:11pt}p{max-width:none}
code{font-size:7.5pt;line-height:9.8pt;background:none;border:0.5pt solid #c9cfd6}dl{gap:0.5pt 8pt;margin-top:2pt}
h3{margin-top:2pt;font-size:8pt;line-height:11pt}.tick{font-size:7.6pt;line-height:10pt}.box.done{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;

/** A whole HTML document. */
export function buildSheetPage(sheet: BuildSheet): string {
  const title = `${sheet.workflow.name} at ${ESP_NAMES[sheet.target]}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">
<meta name="generator" content="Foresend"><title>${escapeHtml(title)}: build sheet</title>
<style>${reportAssets().fontCss ?? ''}
${STYLE}</style></head>
<body><main>
<h1>${escapeHtml(title)}: what to build by hand</h1>
<p class="about">${escapeHtml(aboutSheet(sheet))}</p>
<ol>
${sheet.steps.map(item).join('\n')}
</ol></main></body></html>
`;
}

/** In one sentence or two: where, which version, and what the ticks mean. */
export function aboutSheet({ place, workflow, target, steps }: BuildSheet): string {
  const where = place === null ? ESP_NAMES[target] : `${ESP_NAMES[target]}, ${place}`;
  const ticked = steps.filter(({ isDone }) => isDone === true).length;
  const ticks =
    place === null
      ? 'Nobody was asked what is done already.'
      : `${ticked === 0 ? 'None' : ticked} of ${steps.length} steps can be seen to be done.`;
  return `${where}. Workflow ${workflow.id}, version ${workflow.hash.slice(0, 8)}. ${ticks}`;
}

/** What ticks a step. */
export function tickWords({ check, isDone }: NumberedStep): string {
  if (check.by === 'eye') return 'Look for yourself.';
  if (isDone === true) return 'Done.';
  return check.by === 'objects' ? '`foresend esp verify` ticks it.' : '`foresend esp verify` ticks it by its name.';
}

function item(step: NumberedStep): string {
  const { n, title, ownWords, own, shared, isDone } = step;
  return `<li><span class="box${isDone === true ? ' done' : ''}" role="img" aria-label="${isDone === true ? 'done' : 'to do'}"></span>
<span class="n">${n}</span><div><div class="head"><h2>${escapeHtml(title)}</h2><span class="tick">${escapeHtml(tickWords(step).replaceAll('`', ''))}</span></div>
${ownWords.map((words) => `<p>${escapeHtml(words)}</p>`).join('\n')}
${shared.length === 0 ? '' : `<h3>The same in every one</h3>${list(shared)}<h3>In this one</h3>`}${list(own)}</div></li>`;
}

function list(fields: readonly SheetField[]): string {
  if (fields.length === 0) return '';
  const rows = fields.map(
    ({ name, value }) => `<dt>${escapeHtml(name)}</dt><dd><code>${escapeHtml(value)}</code></dd>`,
  );
  return `<dl>${rows.join('')}</dl>`;
}

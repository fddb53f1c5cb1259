// From a report's parts to HTML. Everything that comes from outside passes `escapeHtml`, or `jsonForScript` where it is
// data for the page's own script; there is no other way into the page.

import { exactCount } from '../base/index.ts';
import type { ChartSpec } from './charts/spec.ts';
import type {
  Block,
  Column,
  FigureKind,
  Inline,
  KeyFigure,
  LedgerRow,
  Section,
  SharePart,
  Table,
  Text,
} from './document.ts';
import { isRuns } from './document.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe in text and in quoted attributes. Control characters, which HTML does not allow, become U+FFFD. */
export function escapeHtml(text: string): string {
  return text.replace(CONTROLS, '\ufffd').replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** JSON that cannot end its script element, nor open a comment in it. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function renderText(text: Text): string {
  if (typeof text === 'string') return escapeHtml(text);
  if (isRuns(text)) return text.map(renderText).join('');
  return renderRun(text);
}

function renderRun(run: Exclude<Inline, string>): string {
  const text = escapeHtml(run.text);
  switch (run.as) {
    case 'strong':
      return `<b>${text}</b>`;
    case 'projected':
      return `<span class="pj">${text}</span>`;
    case 'muted':
      return `<span class="q">${text}</span>`;
    case 'absent':
      return `<span class="absent">${text}</span>`;
    case 'code':
      return `<code>${text}</code>`;
  }
}

export function renderKeyFigures(figures: readonly KeyFigure[]): string {
  const cells = figures.map(
    (figure) =>
      `<div><dt>${swatch(figure.hue)}${escapeHtml(figure.label)} <span class="kind">${figure.kind}</span></dt>` +
      `<dd class="v ${figure.hue}">${renderText(figure.value)}</dd><dd class="n">${renderText(figure.note)}</dd></div>`,
  );
  return `<dl class="keys">${cells.join('')}</dl>`;
}

/** @param charts collects the specs; a chart's place in it is its number on the page */
export function renderSection(section: Section, charts: ChartSpec[]): string {
  const hint = section.hint === null ? '' : `<p class="hint">${escapeHtml(section.hint)}</p>`;
  const kind = section.kind === null ? '' : `<p>${chip(section.kind)}</p>`;
  const blocks = section.blocks.map((block) => renderBlock(block, charts)).join('\n');
  return (
    `<section id="${section.id}" aria-labelledby="${section.id}-title"><header><h2 id="${section.id}-title">` +
    `${escapeHtml(section.title)}</h2>${kind}${hint}</header><div class="body"><p class="finding">` +
    `${renderText(section.finding)}</p>\n${blocks}</div></section>`
  );
}

export function renderBlock(block: Block, charts: ChartSpec[]): string {
  switch (block.type) {
    case 'text':
      return `<p class="prose">${renderText(block.text)}</p>`;
    case 'note':
      return `<p class="note">${renderText(block.text)}</p>`;
    case 'list':
      return `<ul class="prose">${block.items.map((item) => `<li>${renderText(item)}</li>`).join('')}</ul>`;
    case 'table':
      return renderTable(block.table);
    case 'ledger':
      return renderLedger(block.rows);
    case 'shares':
      return renderShares(block.title, block.parts);
    case 'facts':
      return `<dl class="facts">${block.facts
        .map((fact) => `<div><dt>${escapeHtml(fact.name)}</dt><dd>${renderText(fact.value)}</dd></div>`)
        .join('')}</dl>`;
    case 'commands':
      return `<dl class="commands">${block.commands
        .map((c) => `<div><dt>${escapeHtml(c.what)}</dt><dd><code>${commandWords(c.line)}</code></dd></div>`)
        .join('')}</dl>`;
    case 'chart':
      return renderChart(block, charts);
  }
}

/** Words of a command stay whole, so that `--lift` is not broken after its dashes. */
function commandWords(line: string): string {
  return line
    .split(' ')
    .map((word) => (word.length > LONGEST_WHOLE ? escapeHtml(word) : `<span>${escapeHtml(word)}</span>`))
    .join(' ');
}

const LONGEST_WHOLE = 60;

function renderChart(block: Extract<Block, { type: 'chart' }>, charts: ChartSpec[]): string {
  const number = charts.push(block.spec) - 1;
  const hint = block.hint === '' ? '' : ` <span class="q">${escapeHtml(block.hint)}</span>`;
  return (
    `<figure class="chart"><figcaption>${escapeHtml(block.title)}${hint}</figcaption>` +
    `<div class="plot" id="chart-${number}" data-chart="${number}" style="height:${block.spec.height}px" tabindex="0" ` +
    `role="img" aria-label="${escapeHtml(block.alternative)}"></div>` +
    `<details${block.tableOpen ? ' open' : ''}><summary>The same figures as a table</summary>${renderTable(block.table)}</details></figure>`
  );
}

/** Up to so many columns stay close together: the eye should not have to travel. */
const FEW_COLUMNS = 4;

function renderTable(table: Table): string {
  const head = table.columns.map((c) => `<th scope="col"${alignment(c)}>${escapeHtml(c.label)}</th>`).join('');
  const rows = table.rows.map((row) => {
    const cells = row.cells.map((cell, i) => `<td${alignment(table.columns[i])}>${renderText(cell)}</td>`).join('');
    return `<tr${row.as === undefined ? '' : ` class="${row.as}"`}>${cells}</tr>`;
  });
  const few = table.columns.length <= FEW_COLUMNS ? ' class="few"' : '';
  return `<div class="scroll"><table${few}><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/**
 * Totals as bars from one baseline; a loss is the piece the next total lacks, hatched or in its colour, where it is
 * missing. The amounts visibly add up: each total is the one before less the losses between.
 */
function renderLedger(rows: readonly LedgerRow[]): string {
  const largest = Math.max(1, ...rows.map((row) => (row.as === 'total' ? row.amount : 0)));
  const width = (amount: number) => Number(((amount / largest) * 100).toFixed(3));
  let running = 0;
  const lines = rows.map((row) => {
    const start = row.as === 'total' ? 0 : running - row.amount;
    running = row.as === 'total' ? row.amount : start;
    const bar =
      row.amount === 0
        ? ''
        : `<i class="${row.as} ${row.hue}" style="left:${width(start)}%;width:max(${width(row.amount)}%,1px)"></i>`;
    const amount = row.as === 'loss' ? exactCount(-row.amount) : exactCount(row.amount);
    const note = row.note === '' ? '' : `<span class="q">${escapeHtml(row.note)}</span>`;
    return (
      `<tr class="${row.as}"><th scope="row">${escapeHtml(row.label)}</th><td class="r">${amount}</td>` +
      `<td class="bar"><span>${bar}</span></td><td class="why">${note}</td></tr>`
    );
  });
  return `<div class="scroll"><table class="ledger"><tbody>${lines.join('')}</tbody></table></div>`;
}

function renderShares(title: string, parts: readonly SharePart[]): string {
  const bar = parts.map((part, i) => `<i class="p${i}" style="width:${part.percent}%"></i>`).join('');
  const rows = parts.map(
    (part, i) =>
      `<div><dt><span class="sw p${i}"></span>${escapeHtml(part.label)}</dt><dd>${escapeHtml(part.text)}</dd>` +
      `<dd class="n">${escapeHtml(part.note)}</dd></div>`,
  );
  const label = parts.map((part) => `${part.label} ${part.text}`).join(', ');
  return (
    `<div class="shares"><h3>${escapeHtml(title)}</h3><div class="stack" role="img" ` +
    `aria-label="${escapeHtml(label)}">${bar}</div><dl>${rows.join('')}</dl></div>`
  );
}

export function chip(kind: FigureKind): string {
  return `<span class="chip ${kind}">${kind}</span>`;
}

function swatch(hue: KeyFigure['hue']): string {
  return hue === 'ink' ? '' : `<span class="sw ${hue}"></span>`;
}

function alignment(column: Column | undefined): string {
  return column?.align === 'right' ? ' class="r"' : '';
}

import { describe, expect, it } from 'vitest';
import type { ChartSpec } from '../../../engine/report/charts/spec.ts';
import { escapeHtml, jsonForScript, renderBlock, renderText } from '../../../engine/report/html.ts';

const EVIL = '</script><script>alert(1)</script><img src=x onerror=alert(2)> "\' & <!--';

describe('the way into the page', () => {
  it('leaves no markup in text and attributes', () => {
    expect(escapeHtml(EVIL)).not.toMatch(/[<>"']/);
    expect(escapeHtml('a & b')).toBe('a &amp; b');
    expect(escapeHtml('a\u0000b\u001bc')).toBe('a\ufffdb\ufffdc');
  });

  it('leaves nothing in JSON that could end its script, and keeps the value', () => {
    const json = jsonForScript({ name: `${EVIL}\u2028` });
    expect(json).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(json)).toEqual({ name: `${EVIL}\u2028` });
  });

  it('escapes every kind of run', () => {
    for (const as of ['strong', 'projected', 'muted', 'absent', 'code'] as const) {
      expect(renderText([{ text: '<b>', as }])).toContain('&lt;b&gt;');
    }
  });

  it.each([
    { type: 'text', text: EVIL },
    { type: 'note', text: EVIL },
    { type: 'list', items: [EVIL] },
    { type: 'table', table: { columns: [{ label: EVIL, align: 'left' }], rows: [{ cells: [EVIL] }] } },
    { type: 'ledger', rows: [{ label: EVIL, amount: 3, as: 'total', hue: 'ink', note: EVIL }] },
    { type: 'shares', title: EVIL, parts: [{ label: EVIL, percent: 100, text: EVIL, note: EVIL }] },
    { type: 'facts', facts: [{ name: EVIL, value: EVIL }] },
    { type: 'commands', commands: [{ what: EVIL, line: EVIL }] },
    {
      type: 'chart',
      title: EVIL,
      hint: EVIL,
      spec: { option: {}, hooks: [], height: 10, walk: null },
      alternative: EVIL,
      table: { columns: [{ label: EVIL, align: 'right' }], rows: [] },
      tableOpen: false,
    },
  ] as const)('escapes a block of type $type', (block) => {
    const charts: ChartSpec[] = [];
    const html = renderBlock(block, charts);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;script&gt;');
  });

  it('draws what a ledger takes away where it is missing', () => {
    const html = renderBlock(
      {
        type: 'ledger',
        rows: [
          { label: 'Candidates', amount: 200, as: 'total', hue: 'ink', note: '' },
          { label: 'unreachable', amount: 50, as: 'loss', hue: 'suppressed', note: '' },
          { label: 'small cart', amount: 30, as: 'loss', hue: 'suppressed', note: '' },
          { label: 'Enrolled', amount: 120, as: 'total', hue: 'ink', note: '' },
        ],
      },
      [],
    );
    const pieces = [...html.matchAll(/left:([\d.]+)%;width:max\(([\d.]+)%/g)].map(([, left, width]) => [left, width]);
    expect(pieces).toEqual([
      ['0', '100'],
      ['75', '25'],
      ['60', '15'],
      ['0', '60'],
    ]);
    expect(html).toContain('\u221250');
  });
});

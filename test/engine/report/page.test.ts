import { describe, expect, it } from 'vitest';
import { reportAssets, scriptHash } from '../../../engine/node/report-assets.ts';
import { demoReport, lookReport, renderPage } from '../../../engine/report/index.ts';
import { sampleDemo, sampleLook } from './sample.ts';

const EVIL = '</script><script>alert(1)</script><img src=x onerror=alert(2)>';
const html = renderPage(demoReport(sampleDemo()), reportAssets());

function scriptsOf(page: string): string[] {
  return [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, source]) => source ?? '');
}

describe('a page', () => {
  it('fetches nothing: no address in it is one to load', () => {
    const outside = html.replaceAll(/<script>[\s\S]*?<\/script>/g, '');
    expect(outside).not.toMatch(/(?:src|href|action)\s*=\s*["']?(?!data:)/);
    expect(outside).not.toMatch(/url\((?!data:)/);
    expect(outside).not.toMatch(/@import|<link|<iframe|https?:\/\//);
  });

  it('lets its own two scripts run and no other', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    const scripts = scriptsOf(html);
    expect(scripts).toHaveLength(2);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src ${scripts.map((source) => `'${scriptHash(source)}'`).join(' ')};`);
    expect(policy).not.toContain('unsafe-eval');
    expect(/script-src[^;]*/.exec(policy)?.[0]).not.toContain('unsafe-inline');
  });

  it('allows inline scripts only where the host has no hashes', () => {
    const { echartsSource } = reportAssets();
    expect(renderPage(demoReport(sampleDemo()), { echartsSource })).toContain("script-src 'unsafe-inline'");
  });

  it('is the same bytes for the same figures', () => {
    expect(renderPage(demoReport(sampleDemo()), reportAssets())).toBe(html);
  });

  it('holds names from a foreign export as text, wherever they stand', () => {
    const look = sampleLook();
    const { description, imported, pairs } = look;
    const [name, ...names] = description.names;
    const [property, ...properties] = description.properties;
    const [pair] = pairs;
    if (name === undefined || property === undefined || pair === undefined) throw new Error('the sample is not empty');
    const page = renderPage(
      lookReport({
        ...look,
        imported: {
          ...imported,
          files: [EVIL],
          columns: { ...imported.columns, user: { column: EVIL, why: EVIL } },
          rows: { ...imported.rows, rejected: [{ reason: EVIL, count: 21, first: [{ file: EVIL, line: 3 }] }] },
        },
        description: {
          ...description,
          names: [{ ...name, name: EVIL }, ...names],
          properties: [{ ...property, name: EVIL, examples: [EVIL] }, ...properties],
          quality: [{ id: 'x', title: EVIL, evidence: EVIL, effect: EVIL, remedy: EVIL }],
        },
        pairs: [{ ...pair, pair: { ...pair.pair, anchor: EVIL, goal: EVIL, why: EVIL } }],
        stamp: [{ name: EVIL, value: EVIL }],
      }),
      reportAssets(),
    );
    const scripts = scriptsOf(page);
    expect(scripts).toHaveLength(2);
    expect(page.includes('<script>alert')).toBe(false);
    // The whole library, which stands in where the small one was not built, has tags of its own in its texts.
    const ours = page.replace(scripts[0] as string, () => '');
    expect(ours.length).toBeLessThan(page.length);
    expect(ours.includes('<img')).toBe(false);
  });

  it('ends no script early, whatever the library holds', () => {
    const echartsSource = 'var echarts={a:"</script>",b:"<!--"};\r\n//# sourceMappingURL=x.map\n';
    const [library] = scriptsOf(renderPage(demoReport(sampleDemo()), { echartsSource }));
    expect(library).toContain('<\\/script>');
    expect(library).not.toContain('<!--');
    expect(library).not.toContain('\r');
    expect(library).not.toContain('sourceMappingURL');
  });
});

// The build sheet: nothing left open, everything once, ticks where they are known, and a page that holds whatever a
// workflow says.

import { describe, expect, it } from 'vitest';
import {
  activeCampaignMaker,
  type BlockMaker,
  buildSheet,
  desiredBlocks,
  mailchimpMaker,
} from '../../../engine/esp/index.ts';
import { printBuildSheet } from '../../../engine/node/cli/print/build-sheet.ts';
import { buildSheetPage } from '../../../engine/node/pages/build-sheet.ts';
import { checked, fixture } from './klaviyo.ts';

const SENDER = { fromEmail: 'shop@example.com', fromLabel: 'Example & Shop', replyTo: null };
const FIXTURES = ['cart-recovery', 'feature-adoption', 'win-back'];
const MAKERS: readonly BlockMaker[] = [mailchimpMaker, activeCampaignMaker];

function sheetOf(maker: BlockMaker, file: unknown, ticks: Record<string, boolean | null> = {}) {
  const desired = desiredBlocks(maker, checked(file), {
    sender: SENDER,
    place: 'Shop, audience "News"',
    file: 'w.json',
  });
  return { desired, sheet: buildSheet(desired, 'Shop, audience "News"', ticks) };
}

describe.each(FIXTURES)('%s', (name) => {
  it.each(MAKERS)('has every value of every email, said once or for all of them ($target)', (maker) => {
    const { desired, sheet } = sheetOf(maker, fixture(name));
    expect(sheet.steps.map(({ n }) => n)).toEqual(desired.sheet.map((_s, i) => i + 1));
    const automations = sheet.steps.filter(({ key }) => key.startsWith('automation:'));
    expect(automations.map(({ key }) => key)).toEqual(desired.emails.map(({ step }) => `automation:${step}`));
    const [first] = automations;
    for (const step of automations) {
      const seen = [...(first?.shared ?? []), ...step.own];
      expect(new Set(seen.map((field) => field.name))).toEqual(new Set(step.fields.map((field) => field.name)));
      for (const { name: field, value } of step.fields) {
        expect(value.trim(), `${step.key} ${field}`).not.toBe('');
        expect(seen).toContainEqual({ name: field, value });
      }
    }
    // Nothing unfinished is turned on: what is to be written stands before it.
    for (const { step } of desired.emails) {
      const at = (key: string) => sheet.steps.findIndex((one) => one.key === key);
      if (at(`body:${step}`) >= 0) expect(at(`body:${step}`)).toBeLessThan(at(`automation:${step}`));
    }
  });

  it.each(MAKERS)(
    'is printed with all of it, as text and as a page that runs and fetches nothing ($target)',
    (maker) => {
      const { sheet } = sheetOf(maker, fixture(name));
      const text = printBuildSheet(sheet);
      const page = buildSheetPage(sheet);
      const asHtml = (value: string) =>
        value
          .replace(/&/g, '&amp;')
          .replace(/</g, '&lt;')
          .replace(/>/g, '&gt;')
          .replace(/"/g, '&quot;')
          .replace(/'/g, '&#39;');
      for (const { fields, title } of sheet.steps) {
        expect(page).toContain(asHtml(title));
        for (const { value } of fields) {
          expect(text).toContain(value);
          expect(page).toContain(`<code>${asHtml(value)}</code>`);
        }
      }
      expect(page).not.toMatch(/<script|https?:|src=(?!"?data:)/);
    },
  );
});

describe('ticks', () => {
  it('stand where they are known, and nowhere else', () => {
    const ticks = { blocks: true, 'automation:reminder': false };
    const { sheet } = sheetOf(activeCampaignMaker, fixture('cart-recovery'), ticks);
    expect(sheet.steps.filter(({ isDone }) => isDone !== null).map(({ key, isDone }) => [key, isDone])).toEqual([
      ['blocks', true],
      ['automation:reminder', false],
    ]);
    expect(printBuildSheet(sheet)).toMatch(/^\[x\] {2}1\. Push the building blocks$/m);
    expect(buildSheetPage(sheet).match(/class="box done"/g)).toHaveLength(1);
    expect(buildSheetPage(sheet)).toContain('1 of 11 steps can be seen to be done.');
  });
});

describe('what a workflow says', () => {
  it('is text on the page, whatever it is', () => {
    const file = { ...fixture('cart-recovery'), name: '<img src=x onerror=alert(1)> & "co"' };
    for (const maker of MAKERS) {
      const page = buildSheetPage(sheetOf(maker, file).sheet);
      expect(page).not.toContain('<img');
      expect(page).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;co&quot;');
    }
  });

  it('has to be an email at least', () => {
    const workflow = checked(fixture('cart-recovery'));
    const { problems } = desiredBlocks(
      mailchimpMaker,
      { ...workflow, sequence: [] },
      { sender: null, place: null, file: 'w.json' },
    );
    expect(problems.map(({ code, at }) => [code, at])).toEqual([['NOT_EXPRESSIBLE', 'sequence']]);
  });
});

it.each(MAKERS)(
  'a cart workflow has the own cart automation of the service turned off, and no other has ($target)',
  (maker) => {
    const { desired, sheet } = sheetOf(maker, fixture('cart-recovery'));
    const step = sheet.steps.find(({ key }) => key === 'own-cart');
    const first = sheet.steps.findIndex(({ key }) => key.startsWith('automation:'));
    expect(step?.n).toBeLessThan(first + 1);
    const said = desired.differences.find(({ feature }) => feature === 'trigger.cart');
    expect(step?.words).toEqual([said?.consequence]);
    expect(said?.consequence).toMatch(/is not used.*Foresend pushes no carts to it\..*people get both/);
    const renamed = JSON.stringify(fixture('cart-recovery')).replaceAll('Added to Cart', 'Started Trial');
    for (const file of [JSON.parse(renamed), fixture('win-back')]) {
      const other = sheetOf(maker, file);
      expect(other.sheet.steps.some(({ key }) => key === 'own-cart')).toBe(false);
      expect(other.desired.differences.some(({ feature }) => feature === 'trigger.cart')).toBe(false);
    }
  },
);

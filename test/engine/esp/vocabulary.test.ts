import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellOf,
  desiredKlaviyo,
  featuresOf,
  fitOf,
  VOCABULARY,
  vocabularyMarkdown,
  vocabularyRow,
} from '../../../engine/esp/index.ts';
import { checkWorkflow } from '../../../engine/workflow/index.ts';
import { everything, forms } from '../workflow/everything.ts';
import { anything } from './arbitrary.ts';
import { accountFor, checked, fixture } from './klaviyo.ts';

const TARGETS = ['klaviyo', 'mailchimp', 'activecampaign'] as const;

describe('the vocabulary', () => {
  it('has each row once, and every cell with its consequence and its source', () => {
    const ids = VOCABULARY.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, targets } of VOCABULARY) {
      for (const target of TARGETS) {
        const { consequence, source } = targets[target];
        expect(consequence, `${id} ${target}`).toMatch(/^[A-Z].*[.]$/);
        expect(source, `${id} ${target}`).not.toBe('');
      }
    }
  });

  it('has a row for whatever a workflow can hold', () => {
    for (const file of forms) for (const { feature } of featuresOf(checked(file))) vocabularyRow(feature);
    fc.assert(
      fc.property(anything, (file) => {
        const { workflow } = checkWorkflow(file);
        if (workflow !== null) for (const { feature } of featuresOf(workflow)) vocabularyRow(feature);
      }),
    );
  });

  it('uses every row somewhere', () => {
    const files = [...forms, ...['cart-recovery', 'feature-adoption', 'win-back'].map(fixture), ...rare];
    const used = new Set(files.flatMap((file) => featuresOf(checked(file)).map(({ feature }) => feature)));
    expect(VOCABULARY.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
  });

  it('promises no automation where none can be created', () => {
    for (const target of ['mailchimp', 'activecampaign'] as const) {
      expect(cellOf('trigger.inaction', target).support).not.toBe('same');
      expect(cellOf('delay', target).support).toBe('by hand');
    }
  });
});

describe('what Klaviyo cannot express', () => {
  const refused = VOCABULARY.filter(({ targets }) => targets.klaviyo.support === 'none').map(({ id }) => id);

  it.each(refused)('%s is refused by its place, in words, and no flow is made', (feature) => {
    const files = [...forms, ...rare].filter((file) =>
      featuresOf(checked(file)).some((use) => use.feature === feature),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const workflow = checked(file);
      const { flow, problems } = desiredKlaviyo(workflow, accountFor(workflow));
      expect(flow).toBeNull();
      const errors = problems.filter(({ severity }) => severity === 'error');
      for (const { at } of featuresOf(workflow).filter((use) => use.feature === feature)) {
        const own = errors.filter(
          (error) => error.at === at || error.at.startsWith(`${at}.`) || at.startsWith(`${error.at}.`),
        );
        expect(own.map(({ message }) => message).join(' '), `${workflow.id} ${at}`).toMatch(/[a-z].*[.]/);
      }
    }
  });
});

describe('the documentation', () => {
  it('says what the vocabulary says', () => {
    const page = new URL('../../../engine/docs/esp-vocabulary.md', import.meta.url);
    expect(readFileSync(page, 'utf8')).toBe(vocabularyMarkdown());
  });
});

describe('what differs for a workflow', () => {
  it('is said with its place, for the cart workflow at Klaviyo', () => {
    const fit = fitOf(checked(fixture('cart-recovery')), 'klaviyo');
    expect(fit.map(({ feature, at, support }) => `${support} ${feature} ${at}`)).toEqual([
      'differs trigger.rearm.reset trigger.rearm',
      'differs suppress.sent.own suppress[0].sent',
      'differs reentry.always reentry',
      'differs holdout holdout',
      'by hand incentive sequence[2].incentive',
      'differs exit.goal goal',
    ]);
    expect(fit.find(({ feature }) => feature === 'exit.goal')?.consequence).toContain('skipped at the next message');
  });

  it('finds each difference at its own place', () => {
    const places = fitOf(checked(everything), 'klaviyo').map(({ feature, at }) => `${feature} ${at}`);
    expect(places).toContain('trigger.key trigger.key');
    expect(places).toContain('condition.last sequence[1].branch[1].if.all[0]');
    expect(places).toContain('gates.quiet gates.quiet');
  });
});

/** Forms that the list of all forms has no example of. */
const start = (trigger: unknown, more: object = {}) => ({
  foresend: 1,
  id: 'rare',
  trigger,
  sequence: [{ id: 'mail', delay: '1h' }],
  goal: { event: 'Bought', within: '7d' },
  ...more,
});
const rare = [
  start({ type: 'property', property: 'plan', to: 'pro' }),
  start({ type: 'absence', of: ['Login'], for: '7d' }),
  start({ type: 'date', property: 'renewal', offset: '3d' }),
  start({ type: 'inaction', after: { event: 'A' }, without: { event: 'B' }, within: '1h' }),
  start(
    { type: 'behavior', event: 'A' },
    {
      suppress: [{ id: 'own', sent: { workflow: 'rare', within: '7d' } }],
      audience: { is: 'sum', event: 'A', property: 'weight', op: '>', value: 3 },
      exit: { after: '10m' },
    },
  ),
];

// Texts in merge tags and percent tags, judged by what a person would read: the stand-in of a service fills in its
// fields and conditional tags, and the result has to be what Liquid itself makes of the text.

import { Liquid } from 'liquidjs';
import { describe, expect, it } from 'vitest';
import {
  activeCampaignDialect,
  type Dialect,
  eventNameOf,
  mailchimpDialect,
  mergeTag,
  Problems,
  renderPreview,
  translatePersonal,
  unknownScope,
} from '../../../engine/esp/index.ts';

const liquid = new Liquid();
const PEOPLE = [
  {
    event: { item: 'Tea & more', value: 60, tags: ['a', 'b'] },
    person: { first_name: 'Zoë', plan: 'pro', email: 'z@example.com' },
  },
  { event: { item: 'Mug', value: 12 }, person: { plan: 'free', email: 'y@example.com' } },
  { event: {}, person: { email: 'x@example.com', trial: false } },
];

function translated(source: string, dialect: Dialect) {
  const problems = new Problems();
  const personal = translatePersonal(source, dialect, unknownScope(true), 'at', problems);
  return { ...personal, issues: problems.issues };
}

/** What Mailchimp makes of a text: conditional tags from the inside out, then fields. */
function asMailchimp(text: string, values: ReadonlyMap<string, string>): string {
  const inner = /\*\|IF:(\w+)\|\*((?:(?!\*\|IF:)[\s\S])*?)\*\|END:IF\|\*/;
  let all = text;
  for (let found = inner.exec(all); found !== null; found = inner.exec(all)) {
    const [whole, first = '', body = ''] = found;
    const [start = '', otherwise = ''] = body.split('*|ELSE:|*');
    const parts = start.split(/\*\|ELSEIF:(\w+)\|\*/);
    const branches = [
      [first, parts[0] ?? ''],
      ...parts.slice(1).flatMap((_p, i) => (i % 2 === 0 ? [[parts[i + 1] ?? '', parts[i + 2] ?? '']] : [])),
    ];
    const taken = branches.find(([tag = '']) => (values.get(tag) ?? '') !== '')?.[1] ?? otherwise;
    all = all.replace(whole, () => taken);
  }
  return all.replace(/\*\|(\w+)\|\*/g, (_t, tag: string) => values.get(tag) ?? '');
}

const asActiveCampaign = (text: string, values: ReadonlyMap<string, string>) =>
  text.replace(/%([A-Z][A-Z0-9_]*)%/g, (tag, name: string) => values.get(name) ?? tag);

const TEXTS = [
  'You left {{ item }} in your cart',
  "Hi {{ person.first_name | default: 'there' }}, {{ event.item | default: 'your cart' | upcase }} waits",
  'For {{ value | times: 2 | plus: 1 }} or {{ item | truncate: 6 }}',
  '{% if value >= 50 %}Free shipping{% else %}Soon gone{% endif %}!',
  '{% if value >= 50 and item contains "Tea" %}A{% elsif person.plan == "pro" %}B{% else %}C{% endif %} end',
  '{% unless person.plan == "pro" %}Upgrade{% endunless %}.',
  '{% case person.plan %}{% when "pro", "max" %}P{% when "free" %}F{% else %}none{% endcase %}.',
  '{% if person.trial %}trial{% endif %}ok',
  'Mail to {{ person.email }}',
  '{% for tag in tags %}[{{ tag }}]{% endfor %}.',
];

describe('a text reads as Liquid makes it', () => {
  const html = [
    '{% if value >= 50 %}<b>{{ item }}</b>{% if person.plan == "pro" %}<i>pro</i>{% endif %}{% else %}<p>Soon gone</p>{% endif %}',
  ];
  it.each([...TEXTS, ...html])('at Mailchimp: %s', (source) => {
    const dialect = mailchimpDialect('cart');
    const { text, fields, isWhole } = translated(source, dialect);
    expect(isWhole).toBe(true);
    for (const values of PEOPLE) {
      const own = new Map(
        fields.map((field) => [mergeTag('cart', field), renderPreview(field.source, values).text ?? '']),
      );
      const all = new Map([['EMAIL', values.person.email], ...own]);
      const { event, person } = values;
      expect(asMailchimp(text, all)).toBe(liquid.parseAndRenderSync(source, { ...person, ...event, event, person }));
    }
  });

  it.each(TEXTS)('at ActiveCampaign: %s', (source) => {
    const dialect = activeCampaignDialect('cart');
    const { text, fields, isWhole } = translated(source, dialect);
    expect(isWhole).toBe(true);
    for (const values of PEOPLE) {
      const own = fields.map(
        (field) => [dialect.tagOf(field).slice(1, -1), renderPreview(field.source, values).text ?? ''] as const,
      );
      const all = new Map<string, string>([['EMAIL', values.person.email], ...own]);
      const { event, person } = values;
      expect(asActiveCampaign(text, all)).toBe(
        liquid.parseAndRenderSync(source, { ...person, ...event, event, person }),
      );
    }
  });
});

describe('what cannot be translated', () => {
  it('is named and left to be seen: blocks of markup where no tag makes them conditional', () => {
    const { text, isWhole, conditional, issues } = translated(
      '<p>A</p>{% if plan == "pro" %}<p>B</p>{% endif %}',
      activeCampaignDialect('cart'),
    );
    expect(isWhole).toBe(false);
    expect(conditional).toHaveLength(1);
    expect(text).toMatch(/^<p>A<\/p>\[Only where %FORESEND_CART_IF_\w+% says yes:\] <p>B<\/p> \[until here\]$/);
    expect(issues).toEqual([]);
  });

  it('is a loop over markup, a tag that no email has, and what only the offer gives', () => {
    for (const dialect of [mailchimpDialect('cart'), activeCampaignDialect('cart')]) {
      const loop = translated('{% for x in items %}<li>{{ x }}</li>{% endfor %}', dialect);
      expect(loop.text).toMatch(/^\[for x in items\]$/);
      expect(loop.issues.map(({ code, at, message }) => [code, at, message])).toEqual([
        ['NOT_TRANSLATED', 'at', expect.stringContaining(`no counterpart in ${dialect.service}`)],
      ]);
      const offer = translated('10% off until {{ expires }}', dialect);
      expect([offer.text, offer.made, offer.isWhole]).toEqual(['10% off until [expires]', ['expires'], false]);
    }
  });

  it('is no Liquid', () => {
    expect(translated('{{ item', mailchimpDialect('cart')).issues[0]?.code).toBe('BAD_TEMPLATE');
  });
});

describe('names', () => {
  it('of merge fields have ten characters at most and are told apart', () => {
    const paths = ['item', 'items', 'person.first_name', 'a', '9lives', 'naïve', 'event.item'];
    const tags = ['w1', 'w2'].flatMap((workflow) =>
      paths.flatMap((path) => {
        const { fields } = translated(`{{ ${path} | append: "x" }}{{ ${path} }}`, mailchimpDialect(workflow));
        return fields.map((field) => mergeTag(workflow, field));
      }),
    );
    expect(new Set(tags).size).toBe(tags.length);
    for (const tag of tags) expect(tag).toMatch(/^[A-Z][A-Z0-9_]{1,9}$/);
  });

  it('of events have thirty characters at most, whatever the ids, and are told apart', () => {
    const ids = ['a', 'a-b', 'b', 'a_b', 'x'.repeat(60), `${'x'.repeat(60)}y`, 'Ünïcode', '日本', 'with space'];
    const names = ids.flatMap((workflow) => ids.map((step) => eventNameOf(workflow, step)));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_]{2,30}$/);
  });
});

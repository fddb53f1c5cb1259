import { describe, expect, it } from 'vitest';
import { Problems, renderPreview, type SendScope, translateLiquid, unknownScope } from '../../../engine/esp/index.ts';

const SCOPE: SendScope = {
  hasEvent: true,
  event: [
    { name: 'item', fill: 1 },
    { name: 'Item Name', fill: 1 },
    { name: 'colour', fill: 0.4 },
  ],
  person: [
    { name: 'plan', fill: 1 },
    { name: 'city', fill: null },
  ],
};

function translated(source: string, scope: SendScope = SCOPE): [string, string[]] {
  const problems = new Problems();
  const { text } = translateLiquid(source, scope, 'sequence[0].subject', problems);
  return [text, problems.issues.map(({ code }) => code)];
}

describe('Liquid in the tags of Klaviyo', () => {
  it.each([
    ['You left {{ item }} in your cart', 'You left {{ event.item }} in your cart'],
    ["{{ event['Item Name'] }}", "{{ event|lookup:'Item Name' }}"],
    ['{{ value }}', "{{ event|lookup:'$value' }}"],
    ['{{ first_name | default: "you" }}', "{{ person.first_name|default:'you' }}"],
    ['{{ person.plan | upcase }}', "{{ person|lookup:'plan'|upper }}"],
    ['{{ plan }}', "{{ person|lookup:'plan' }}"],
    [
      "{% if plan == 'pro' and item %}A{% else %}B{% endif %}",
      "{% if person|lookup:'plan' == 'pro' and event.item %}A{% else %}B{% endif %}",
    ],
    ['{% unless item == blank %}A{% endunless %}', '{% if event.item %}A{% endif %}'],
    [
      '{% unless plan == "a" or plan == "b" %}x{% endunless %}',
      "{% if person|lookup:'plan' != 'a' and person|lookup:'plan' != 'b' %}x{% endif %}",
    ],
    ["{% if item contains 'red' %}x{% endif %}", "{% if 'red' in event.item %}x{% endif %}"],
    [
      "{% case plan %}{% when 'a', 'b' %}x{% else %}y{% endcase %}",
      "{% if person|lookup:'plan' == 'a' or person|lookup:'plan' == 'b' %}x{% else %}y{% endif %}",
    ],
    [
      '{% for i in item limit: 2 %}{{ i.name }}{% endfor %}',
      "{% for i in event.item|slice:':2' %}{{ i.name }}{% endfor %}",
    ],
    ['{% comment %}{{ nothing }}{% endcomment %}Hi', 'Hi'],
  ])('%s', (source, expected) => {
    expect(translated(source)).toEqual([expected, expect.not.arrayContaining(['NOT_TRANSLATED', 'BAD_TEMPLATE'])]);
  });

  it('reads bare names as the person where no event starts the flow', () => {
    expect(translated('{{ item }}', unknownScope(false))[0]).toBe("{{ person|lookup:'item' }}");
  });

  it.each([
    ["{{ item | date: '%Y' }}", '[item | date]'],
    ['{% assign x = 1 %}', '[assign]'],
    ["{% if plan == 'a' and item or city %}x{% endif %}", "[if plan == 'a' and item or city]"],
  ])('names what has no counterpart and leaves it visible without tags: %s', (source, expected) => {
    const [text, codes] = translated(source);
    expect(text).toBe(expected);
    expect(codes).toContain('NOT_TRANSLATED');
    expect(text).not.toMatch(/[{}]/);
  });

  it('refuses what is no Liquid', () => {
    expect(translated('{{ item ')[1]).toEqual(['BAD_TEMPLATE']);
    expect(translated('{{ item | shout }}')[1]).toEqual(['BAD_TEMPLATE']);
  });

  it('leaves what only the offer knows for a person to fill in', () => {
    const problems = new Problems();
    const { text, made } = translateLiquid('Until {{ expires }}', SCOPE, 'x', problems);
    expect([text, made]).toEqual(['Until [expires]', ['expires']]);
  });
});

describe('names that are checked against the history', () => {
  it('says what is missing when the email goes out, with the nearest', () => {
    const problems = new Problems();
    translateLiquid('{{ event.itme }} {{ person.paln }}', SCOPE, 'sequence[0].subject', problems);
    expect(problems.issues.map(({ code, at }) => [code, at])).toEqual([
      ['UNKNOWN_PROPERTY', 'sequence[0].subject'],
      ['UNKNOWN_PROPERTY', 'sequence[0].subject'],
    ]);
    expect(problems.issues[0]?.message).toContain('The nearest is "item".');
  });

  it('asks for a default where a property is often missing', () => {
    expect(translated('{{ colour }}')[1]).toEqual(['OFTEN_EMPTY']);
    expect(translated("{{ colour | default: 'any' }}")[1]).toEqual([]);
    expect(translated('{{ city }}')[1]).toEqual([]);
  });
});

describe('a preview', () => {
  const values = { event: { item: 'Shoe' }, person: { first_name: 'Ada', item: 'never shown' } };

  it('shows the values of one person, the event before the person', () => {
    expect(renderPreview("{{ first_name }}: {{ item }}, {{ person.city | default: 'here' }}", values)).toEqual({
      text: 'Ada: Shoe, here',
      reason: null,
    });
  });

  it('reads nothing but what it was given', () => {
    expect(renderPreview('{{ constructor }}{{ item.__proto__ }}{{ toString }}', values).text).toBe('');
  });

  it('says why it cannot be rendered', () => {
    expect(renderPreview('{{ item | shout }}', values)).toEqual({
      text: null,
      reason: expect.stringContaining('shout'),
    });
  });
});

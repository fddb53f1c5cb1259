// How Mailchimp and ActiveCampaign write what is different for each person: `*|ITEM_3F2A1|*` and `%FORESEND_CART_ITEM%`.
// Mailchimp's conditional tags are those of its transactional product, which campaigns are taken to share.
// ActiveCampaign's are not documented where we could read, so there conditional blocks are set by a person.

import { hashOf } from './canonical.ts';
import { propertyName } from './marker.ts';
import type { Dialect, SentField } from './personal.ts';

/** At most ten characters of A-Z, 0-9 and `_`; no two of a workflow or of two workflows are equal. */
export function mergeTag(workflow: string, { key, slug }: SentField): string {
  const start = slug
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, 4);
  return `${/^[A-Z]/.test(start) ? start : `F${start}`.slice(0, 4)}_${hashOf([workflow, key]).slice(0, 5).toUpperCase()}`;
}

export function mailchimpDialect(workflow: string): Dialect {
  return {
    service: 'Mailchimp',
    native: { email: '*|EMAIL|*', first_name: '*|FNAME|*', last_name: '*|LNAME|*' },
    tagOf: (field) => `*|${mergeTag(workflow, field)}|*`,
    blocks: {
      open: (field, isFirst) => `*|${isFirst ? 'IF' : 'ELSEIF'}:${mergeTag(workflow, field)}|*`,
      otherwise: '*|ELSE:|*',
      close: '*|END:IF|*',
    },
  };
}

/** What a custom field is called between percent signs. */
export function personalTag(workflow: string, { slug }: SentField): string {
  return propertyName(workflow, slug.replaceAll('_', '-')).toUpperCase();
}

export function activeCampaignDialect(workflow: string): Dialect {
  return {
    service: 'ActiveCampaign',
    native: { email: '%EMAIL%', first_name: '%FIRSTNAME%', last_name: '%LASTNAME%' },
    tagOf: (field) => `%${personalTag(workflow, field)}%`,
    blocks: null,
  };
}

const EVENT_NAME_MAX = 30;

/** The event that starts one email, at most 30 characters: Mailchimp takes no more, ActiveCampaign 32. */
export function eventNameOf(workflow: string, what: string): string {
  const [, ...parts] = propertyName(workflow).split('_');
  const name = `fs_${parts.join('_')}__${propertyName(what).slice('foresend_'.length)}`;
  if (name.length <= EVENT_NAME_MAX) return name;
  const print = hashOf([workflow, what]).slice(0, 6);
  return `${name.slice(0, EVENT_NAME_MAX - 1 - print.length).replace(/_+$/, '')}_${print}`;
}

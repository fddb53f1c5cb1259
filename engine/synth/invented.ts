// Names of people and products that do not exist, from Faker's English lists. The lists are Faker's, the randomness is
// ours: each instance draws from the stream it is given, so that one person's name depends on nobody else's.

import type { Faker } from '@faker-js/faker';
import { faker as english } from '@faker-js/faker/locale/en';
import type { Random } from '../base/index.ts';

// The package's main entry would load seventy languages; its English entry exports one shared instance only.
const OwnFaker = english.constructor as typeof Faker;

/** A Faker of our own. It must not be asked for dates: those would read the clock. */
function invent(random: Random): Faker {
  return new OwnFaker({
    locale: english.rawDefinitions,
    randomizer: { next: () => random.uniform(), seed: () => {} },
  });
}

export interface Product {
  readonly item: string;
  readonly category: string;
  /** In hundredths of the currency unit. */
  readonly priceCents: number;
}

/** Products with distinct names, prices log-normal around 38, mostly 8 … 180 and ending in .99, .50 or .00. */
export function inventCatalog(random: Random, nProducts: number): Product[] {
  const faker = invent(random);
  const names = new Set<string>();
  return Array.from({ length: nProducts }, () => {
    let item = faker.commerce.productName();
    for (let copy = 2; names.has(item); copy++) item = `${faker.commerce.productName()} ${copy}`;
    names.add(item);
    const whole = Math.min(240, Math.max(5, Math.round(38 * Math.exp(0.75 * random.normal()))));
    const ending = [-1, -1, -1, -50, 0][random.below(5)] as number;
    return { item, category: faker.commerce.department(), priceCents: whole * 100 + ending };
  });
}

/** Where visitors sit, by share, with the hours their days are ahead of UTC (winter time: it shapes a rhythm only). */
const ZONES: readonly (readonly [zone: string, share: number, aheadHours: number])[] = [
  ['America/New_York', 0.38, -5],
  ['America/Chicago', 0.22, -6],
  ['America/Denver', 0.08, -7],
  ['America/Los_Angeles', 0.2, -8],
  ['Europe/London', 0.07, 0],
  ['Europe/Berlin', 0.03, 1],
  ['Australia/Sydney', 0.02, 11],
];

export interface Persona {
  readonly name: string;
  readonly email: string;
  readonly city: string;
  readonly timezone: string;
  readonly aheadHours: number;
}

/** @param index makes the address unique; addresses lie under example.com, which belongs to nobody */
export function inventPerson(random: Random, index: number): Persona {
  const faker = invent(random);
  const first = faker.person.firstName();
  const last = faker.person.lastName();
  const letters = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');
  let u = random.uniform();
  const zone = ZONES.find(([, share]) => (u -= share) < 0) ?? (ZONES[0] as (typeof ZONES)[number]);
  return {
    name: `${first} ${last}`,
    email: `${letters(first)}.${letters(last)}.${index + 1}@example.com`,
    city: faker.location.city(),
    timezone: zone[0],
    aheadHours: zone[2],
  };
}

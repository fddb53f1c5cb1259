// Which properties tell who somebody is, by their names: those that are replaced where ids are (two places that hold the
// same address still do), and those that are of no use once replaced and are left out. What no name gives away, the
// address inside a text, is found by looking (see pseudonyms.ts). Names are compared without case and punctuation.

export type IdentityKind = 'replaced' | 'leftOut';

const REPLACED: readonly RegExp[] = [
  /e?mail(address)?$/,
  /^(home|work|mobile|cell|contact|customer|user|billing|shipping|primary|sms|whatsapp|default)?(phone|mobile|telephone|cell|fax|tel|msisdn)(number|no)?$/,
  /^(shopify|external|hubspot|stripe)?(user|customer|person|member|contact|subscriber|profile|visitor|anonymous|device|distinct|client|student|patient|external|amplitude|userpseudo)(id|uuid|guid|key)$/,
  /^(user|customer|person|member|subscriber|recipient|username|login)$/,
];

const LEFT_OUT: readonly RegExp[] = [
  /^(first|last|full|middle|given|family|sur|nick|display|screen|person|customer|contact|account|billing|shipping|recipient|cardholder|company|maiden)name$/,
  /^(billing|shipping|home|work|mailing|postal|default|customer)?(street|address|addr)(line)?\d?$/,
  /^(client|user|remote|last|signup)?ip(address|addr|v4|v6)?$/,
  /^(lat|lng|lon|latitude|longitude|geo|location)$/,
  /^(ssn|socialsecuritynumber|passport(number)?|taxid|iban|cardnumber|creditcard(number)?|accountnumber)$/,
  /^(avatar|photo|picture|image)(url)?$/,
];

/** Of people: of an event the name is that of a thing, as a rule. */
const LEFT_OUT_OF_PEOPLE = /^name$/;

/** @returns null where a name says nothing of the kind */
export function identityKind(name: string, isOfPeople: boolean): IdentityKind | null {
  const bare = name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  if (REPLACED.some((pattern) => pattern.test(bare))) return 'replaced';
  if (LEFT_OUT.some((pattern) => pattern.test(bare))) return 'leftOut';
  return isOfPeople && LEFT_OUT_OF_PEOPLE.test(bare) ? 'leftOut' : null;
}

// What the rows of the vocabulary are made of: where facts are known from, and cells that many rows share.

import type { Support, VocabularyCell, VocabularyRow } from './types.ts';

/** The flow interface of revision 2026-07-15. */
export const K_FLOW = "Klaviyo's description of Create Flow, revision 2026-07-15";
export const K_HELP = "Klaviyo's help on flow filters (checked on entry and before each message)";
export const K_SEGMENT =
  "Klaviyo's help on segments and segment flows (membership asked at each send, time conditions daily)";
export const M_JOURNEY =
  "Mailchimp's marketing interface: the only call on automation flows puts one contact at one step";
export const A_READ = "ActiveCampaign's v3 interface: automations can be read, and contacts put in or taken out";
export const M_EVENT = "Mailchimp's marketing interface: events of a list member";
export const A_EVENT = "ActiveCampaign's event tracking";
export const M_CLASSIC =
  "Mailchimp's marketing interface (classic automations, carts of a store) and its help: classic automations are only for accounts that made one before";
export const A_STORE = "ActiveCampaign's v3 interface: abandoned carts are orders of a connected store";
export const OURS = 'decided by Foresend before the vendor is asked';

const cell = (support: Support, consequence: string, source: string): VocabularyCell => ({
  support,
  consequence,
  source,
});
export const same = (consequence: string, source: string) => cell('same', consequence, source);
export const differs = (consequence: string, source: string) => cell('differs', consequence, source);
export const byHand = (consequence: string, source: string) => cell('by hand', consequence, source);
export const none = (consequence: string, source: string) => cell('none', consequence, source);

const FED = (what: string) =>
  `Foresend decides every email and tells of the event that starts its ${what}; it leaves with the run after it is due, and while no run is made nobody gets anything.`;
export const FED_M = differs(FED('flow'), M_EVENT);
export const FED_A = differs(FED('automation'), A_EVENT);
/** Of what needs nothing at the service, because each email is decided here. */
export const BEFORE = same('Decided by Foresend before it lets an email go out.', OURS);
export const BUILT_M = byHand(
  'Mailchimp has no call that builds a flow: a person builds one for each email, which starts at its event and sends it at once. Foresend keeps the waits.',
  M_JOURNEY,
);
export const BUILT_A = byHand(
  'ActiveCampaign has no call that builds an automation: a person builds one for each email, which starts at its event and sends it at once. Foresend keeps the waits.',
  A_READ,
);

export function row(
  id: string,
  words: string,
  klaviyo: VocabularyCell,
  mailchimp: VocabularyCell,
  activecampaign: VocabularyCell,
): VocabularyRow {
  return { id, words, targets: { klaviyo, mailchimp, activecampaign } };
}
export const decided = (id: string, words: string, klaviyo: VocabularyCell) => row(id, words, klaviyo, FED_M, FED_A);
export const asked = (id: string, words: string, klaviyo: VocabularyCell) => row(id, words, klaviyo, BEFORE, BEFORE);

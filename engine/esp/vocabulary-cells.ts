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

export const FED_M = differs(
  'Foresend decides and starts the flow for each person by its Customer Journeys API link; while the feed stands still nobody enters.',
  M_JOURNEY,
);
export const FED_A = differs(
  'Foresend decides and adds each person to the automation; while the feed stands still nobody enters.',
  A_READ,
);
export const BEFORE = same('Foresend asks this before it puts anyone into the automation.', OURS);
export const BUILT_M = (what: string) =>
  byHand(`Mailchimp has no call that builds a flow: a person adds ${what}.`, M_JOURNEY);
export const BUILT_A = (what: string) =>
  byHand(`ActiveCampaign has no call that builds an automation: a person adds ${what}.`, A_READ);

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

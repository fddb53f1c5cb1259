// What each email service can express, once, for the planner, the plan, the build sheets, the screens and the
// documentation. A difference is stated in its consequence: who gets an email, or does not, that the workflow here
// would have treated otherwise. Support is about the export, not about the vendor's merits.

import { assert } from '../base/index.ts';
import type { EspTarget, VocabularyCell, VocabularyRow } from './types.ts';
import {
  A_EVENT,
  A_READ,
  A_STORE,
  asked,
  BEFORE,
  BUILT_A,
  BUILT_M,
  byHand,
  decided,
  differs,
  K_FLOW,
  K_HELP,
  K_SEGMENT,
  M_CLASSIC,
  M_EVENT,
  M_JOURNEY,
  none,
  OURS,
  row,
  same,
} from './vocabulary-cells.ts';

export const VOCABULARY: readonly VocabularyRow[] = [
  // ---------------------------------------------------------------- triggers
  decided('trigger.behavior', 'Starts at an event', same('A flow that starts at the metric.', K_FLOW)),
  decided(
    'trigger.behavior.count',
    'Starts when an event happened a number of times in a period',
    differs(
      'Klaviyo looks back at each event and does not start counting anew: the next event inside the period starts it again as soon as re-entry allows.',
      K_FLOW,
    ),
  ),
  decided(
    'trigger.behavior.calendar',
    'Counts within a calendar day, week or month',
    none('Klaviyo counts over the last hours or days, not by calendar day, week or month: use "within".', K_FLOW),
  ),
  decided(
    'trigger.inaction',
    'Starts when an expected event does not follow',
    same('A flow that starts at the first event, waits, and goes on only where the second did not follow.', K_FLOW),
  ),
  row(
    'trigger.cart',
    'Starts at a cart that is left behind',
    same('A flow that starts at the event of the cart.', K_FLOW),
    differs(
      "Mailchimp's own abandoned-cart automation is not used: it is a classic automation, which Mailchimp has closed to accounts that never made one; it sends for every cart of a connected store, whoever is held out or suppressed here, and waits in whole hours. Foresend pushes no carts to it. Turn one that is on off, or people get both.",
      M_CLASSIC,
    ),
    differs(
      "ActiveCampaign's own abandoned-cart trigger is not used: it starts for every cart of a connected store, whoever is held out or suppressed here. Foresend pushes no carts to it. Turn an automation with it off, or people get both.",
      A_STORE,
    ),
  ),
  decided(
    'trigger.rearm.first',
    'A timer that runs from the first event',
    same('Klaviyo counts from the event that starts the flow.', K_FLOW),
  ),
  decided(
    'trigger.rearm.reset',
    'A timer that each new event restarts',
    differs('Here each new event restarts the wait; Klaviyo counts from the first, so emails leave earlier.', K_FLOW),
  ),
  decided(
    'trigger.key',
    'One timer for each cart, order or other key',
    differs(
      'Klaviyo keeps one timer for a person, not one for each key: a second one in the meantime starts nothing, and an answer to either ends both.',
      K_FLOW,
    ),
  ),
  decided(
    'trigger.absence',
    'Starts after a silence',
    differs(
      'Klaviyo looks once a day who has been silent long enough, so emails leave up to a day later; who becomes active again gets nothing more.',
      K_SEGMENT,
    ),
  ),
  decided(
    'trigger.absence.any',
    'A silence in all events',
    none(
      'Klaviyo asks about events by name, not about any event: list those that count as activity in "of".',
      K_SEGMENT,
    ),
  ),
  decided(
    'trigger.absence.afterActive',
    'A silence after having been active for some time',
    none('Klaviyo does not know how long someone had been active before: remove "afterActive".', K_SEGMENT),
  ),
  decided(
    'trigger.decline',
    'Starts when activity falls below its own usual rate',
    none(
      "Klaviyo cannot compare someone's activity with their own earlier rate: use an absence of an event.",
      K_SEGMENT,
    ),
  ),
  decided(
    'trigger.property',
    "Starts when a person's property becomes a value",
    differs(
      'A segment of those who have the value: it starts again only for people who lost the value in between, and sends nothing more to those who lose it.',
      K_SEGMENT,
    ),
  ),
  decided(
    'trigger.property.from',
    'Only a change from a certain value, or any change',
    none(
      'Klaviyo sees the value a property has, not the one it had: name the new value in "to" and drop "from".',
      K_SEGMENT,
    ),
  ),
  decided(
    'trigger.condition',
    'Starts when a condition becomes true',
    differs(
      'A segment: people enter when Klaviyo sees it, not at the hours of "cron", and get nothing more once the condition is no longer true.',
      K_SEGMENT,
    ),
  ),
  decided('trigger.date', "Starts before a date in a person's property", same('A date flow on that property.', K_FLOW)),
  decided(
    'trigger.date.after',
    "Starts some days after a date in a person's property",
    differs('Klaviyo starts on the date and waits the days, so a date changed in between is not noticed.', K_FLOW),
  ),
  decided(
    'trigger.schedule',
    'Starts for everyone at fixed times',
    none(
      'A flow at Klaviyo starts for one person at a time; a mailing to everyone at fixed times is a campaign.',
      K_FLOW,
    ),
  ),
  decided(
    'trigger.anyOf',
    'Starts when one of several things happens',
    none('A flow at Klaviyo has exactly one trigger: write one workflow for each.', K_FLOW),
  ),

  // ---------------------------------------------------------------- who
  asked(
    'audience',
    'Only people for whom a condition holds',
    same('A split right at the trigger; the others leave the flow there.', K_FLOW),
  ),
  asked('suppress.if', 'Leaves people out by a condition', same('A split right at the trigger.', K_FLOW)),
  asked(
    'suppress.where',
    'Leaves people out by what the starting event says',
    same('A filter on the trigger.', K_FLOW),
  ),
  asked(
    'suppress.sent.own',
    'Leaves people out who had an email of this workflow lately',
    differs(
      'The flow notes the day of its last email in the profile and looks at whole days. Held-out people get no such note, so they stay eligible.',
      K_FLOW,
    ),
  ),
  asked(
    'suppress.sent.any',
    'Leaves people out who had an email of other workflows lately',
    differs('Klaviyo counts every email it sent, campaigns included, so more people are left out.', K_FLOW),
  ),
  asked(
    'reentry.always',
    'People can enter again as soon as they have left',
    differs(
      'Klaviyo lets someone in again only after the whole length of the flow, so who buys early and starts again soon after is missed.',
      K_FLOW,
    ),
  ),
  asked(
    'reentry.once',
    'People enter once',
    differs('Klaviyo counts the entry even of people who then get nothing.', K_FLOW),
  ),
  asked(
    'reentry.cooldown',
    'People enter again after some time',
    differs(
      'Klaviyo counts from the last entry, even of people who then got nothing, and never less than the whole length of the flow.',
      K_FLOW,
    ),
  ),
  row(
    'reach',
    'Only people who can be written to',
    same('Klaviyo sends to nobody without an address or with a suppression.', K_HELP),
    same('Mailchimp sends to subscribed contacts only.', "Mailchimp's marketing interface: list member status"),
    same(
      'ActiveCampaign sends to contacts with an active list status only.',
      "ActiveCampaign's v3 interface: contactLists",
    ),
  ),
  row(
    'reach.consent',
    'Only people with consent in a property of ours',
    same('A split at the trigger on the property.', K_FLOW),
    BEFORE,
    BEFORE,
  ),

  // ---------------------------------------------------------------- conditions
  asked('condition.count', 'How often an event happened', same('A condition on the metric.', K_FLOW)),
  asked('condition.distinct', 'How many different events happened', same('Written out as alternatives.', K_FLOW)),
  asked('condition.sum', "The sum of an event's value", same("A condition on the sum of the metric's value.", K_FLOW)),
  asked(
    'condition.sum.property',
    'The sum of another property of an event',
    none('Klaviyo adds up the value of an event only, not another of its properties.', K_FLOW),
  ),
  asked(
    'condition.extreme',
    'The highest or lowest property of an event',
    same('One event beyond the limit is looked for.', K_FLOW),
  ),
  asked(
    'condition.extreme.bounded',
    'All of an event stay within a limit',
    none(
      'Klaviyo can ask whether one event lies beyond a limit, not whether none does and some happened: use "count".',
      K_FLOW,
    ),
  ),
  asked(
    'condition.last',
    'What the last event says',
    none("Klaviyo cannot ask what someone's last event says: keep it in a property of the person.", K_FLOW),
  ),
  asked('condition.property', "A person's property", same('A condition on the profile property.', K_FLOW)),
  asked(
    'condition.segment',
    'Membership in a segment',
    differs(
      'Membership in the segment or list of that name, as the account defines it; the days and thresholds by which Foresend counts are not carried over.',
      K_FLOW,
    ),
  ),
  asked(
    'condition.tenure',
    'Time since the first event',
    none(
      "Klaviyo does not know when someone's first event was: ask for an event of that time, such as a sign-up.",
      K_FLOW,
    ),
  ),
  asked(
    'condition.activeDays',
    'Days with activity',
    none('Klaviyo counts events, not days with activity: use "count" of an event.', K_FLOW),
  ),

  // ---------------------------------------------------------------- arms
  row(
    'holdout',
    'People held out',
    differs(
      'Known people keep the arm Foresend drew, written to their profile first; people Klaviyo meets later are drawn by its own split and then keep that arm.',
      K_FLOW,
    ),
    BEFORE,
    BEFORE,
  ),
  asked(
    'globalHoldout',
    'People held out of everything',
    differs(
      'Known people by a property written to their profile first; people Klaviyo meets later are not held out of everything.',
      K_FLOW,
    ),
  ),

  // ---------------------------------------------------------------- gates
  row(
    'gates.unsubscribed',
    'Nothing after an unsubscribe',
    differs("Klaviyo's own record of consent decides, not the event the workflow names.", K_HELP),
    differs("Besides the event the workflow names, Mailchimp's own subscription status decides.", M_EVENT),
    differs("Besides the event the workflow names, ActiveCampaign's own list status decides.", A_EVENT),
  ),
  row(
    'gates.cap',
    'At most a number of emails in a period',
    differs('Klaviyo counts every email it sent, campaigns included, so more emails are skipped.', K_FLOW),
    BEFORE,
    BEFORE,
  ),
  row(
    'gates.quiet',
    'No emails at night',
    differs('Klaviyo has no quiet hours for emails of a flow: they leave when they are due, at night too.', K_FLOW),
    differs(
      'Foresend moves the email, or leaves it out where the workflow says so; what is moved leaves with the run after that, so make no run in those hours.',
      OURS,
    ),
    differs(
      'Foresend moves the email, or leaves it out where the workflow says so; what is moved leaves with the run after that, so make no run in those hours.',
      OURS,
    ),
  ),
  row(
    'gates.sendTime',
    "At each person's own hour",
    differs('Klaviyo has no personal hours in a flow: emails leave when they are due.', K_FLOW),
    differs('Foresend moves the email, and it leaves with the run after that hour: run it often.', OURS),
    differs('Foresend moves the email, and it leaves with the run after that hour: run it often.', OURS),
  ),

  // ---------------------------------------------------------------- the sequence
  row(
    'delay',
    'Waiting times from the trigger',
    same('Each wait counts from the action before it; the sums are the same.', K_FLOW),
    BUILT_M,
    BUILT_A,
  ),
  row(
    'delay.previous',
    'Waiting times from the email before',
    same('Each wait counts from the action before it.', K_FLOW),
    BEFORE,
    BEFORE,
  ),
  row(
    'step.if',
    'An email only if a condition holds',
    same('A filter on that message; who does not pass goes on to the next.', K_FLOW),
    BEFORE,
    BEFORE,
  ),
  row(
    'branch',
    'Different emails for different people',
    same('A split for each path; what comes after the branch stands on every path.', K_FLOW),
    BEFORE,
    BEFORE,
  ),
  row(
    'personalization',
    'Properties in subject lines and bodies',
    same("Written in the vendor's tags; what cannot be is named.", "Klaviyo's help on template tags"),
    differs(
      'Foresend writes what a text shows into merge fields of the contact before each email; two emails that leave in one run show what was written last.',
      "Mailchimp's merge tags",
    ),
    differs(
      'Foresend writes what a text shows into custom fields of the contact before each email; two emails that leave in one run show what was written last. Blocks with a condition are set by a person.',
      "ActiveCampaign's personalization tags",
    ),
  ),
  row(
    'incentive',
    'An offer',
    byHand('The offer itself is made in the shop and its code put into the email by a person.', K_FLOW),
    byHand('The offer itself is made in the shop and its code put into the email by a person.', M_JOURNEY),
    byHand('The offer itself is made in the shop and its code put into the email by a person.', A_READ),
  ),

  // ---------------------------------------------------------------- ends
  row(
    'exit.goal',
    'The goal ends it',
    differs(
      'Klaviyo checks for it when an email is due, not when it happens: the person is skipped at the next message, not taken out.',
      K_HELP,
    ),
    BEFORE,
    BEFORE,
  ),
  row(
    'exit.on',
    'Another event ends it',
    differs(
      'Klaviyo checks for it when an email is due, not when it happens: the person is skipped at the next message, not taken out.',
      K_HELP,
    ),
    BEFORE,
    BEFORE,
  ),
  row(
    'exit.after',
    'It ends after some time',
    same('The last email is the end of the flow.', K_FLOW),
    same('The last email is the end of the flow.', M_JOURNEY),
    same('The last email is the end of the automation.', A_READ),
  ),
  row(
    'exit.after.early',
    'It ends before the last email is due',
    none('A flow at Klaviyo ends with its last email: remove the emails that come after "exit.after".', K_FLOW),
    BEFORE,
    BEFORE,
  ),
];

const BY_ID = new Map(VOCABULARY.map((entry) => [entry.id, entry]));

export function vocabularyRow(id: string): VocabularyRow {
  const found = BY_ID.get(id);
  assert(found !== undefined, `the vocabulary has a row ${id}`);
  return found;
}

export function cellOf(id: string, target: EspTarget): VocabularyCell {
  return vocabularyRow(id).targets[target];
}

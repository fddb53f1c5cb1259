// Mail to everyone with a known address, at a fixed interval: opens, clicks with the visit they lead to, and now and then
// an unsubscription. It changes nobody's carts.

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, seededRandom } from '../base/index.ts';
import type { Draft } from './draft.ts';
import type { World } from './person-story.ts';
import { seconds } from './rhythm.ts';
import { visited } from './visits.ts';

/**
 * @param knownFrom when the address became known
 * @param leftAt when the person unsubscribed elsewhere; Infinity: never
 */
export function newsletters(world: World, index: number, knownFrom: number, leftAt: number): Draft[] {
  const { parameters: p, seed, until } = world;
  if (p.newsletterDays === 0) return [];
  const mail = seededRandom(seed, `mail ${index}`);
  const drafts: Draft[] = [];
  const opens = Math.min(0.8, 0.26 * Math.exp(0.6 * mail.normal()));
  const midnight = Math.floor(p.start / DAY_MS) * DAY_MS;
  for (let issue = 1; ; issue++) {
    const planned = midnight + (1 + (issue - 1) * p.newsletterDays) * DAY_MS + 15 * HOUR_MS;
    const sent = planned + seconds(mail, 0, 1800);
    if (planned >= until || sent >= leftAt) return drafts;
    const [open, click, leave] = [mail.uniform(), mail.uniform(), mail.uniform()];
    const wait = Math.ceil(-Math.log(1 - mail.uniform()) * 240) * MINUTE_MS + seconds(mail, 1, 59);
    if (sent < knownFrom) continue;
    const properties = { campaign: `newsletter-${String(issue).padStart(2, '0')}` };
    const add = (at: number, name: string) => drafts.push({ at, name, properties, rank: 'movable' });
    add(sent, 'Email Sent');
    if (open >= opens) continue;
    add(sent + wait, 'Email Opened');
    if (click < 0.1) {
      add(sent + wait + 20 * SECOND_MS, 'Email Clicked');
      drafts.push(visited(sent + wait + 24 * SECOND_MS, 'email'));
    } else if (leave < 0.012) {
      add(sent + wait + 40 * SECOND_MS, 'Unsubscribed');
      return drafts;
    }
  }
}

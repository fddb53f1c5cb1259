// Who may see data. The start token is good for one exchange and gives the session, which a page may have made before it
// asked, so that an answer it did not live to read is no session lost; a ticket is good for fetching one
// thing once, so that a download needs no session in its address.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a page may take from asking for a ticket to using it. */
const TICKET_MS = 60_000;

export interface Secrets {
  /** Stands in the address that is printed. */
  readonly token: string;
  /**
   * The session, once; null for a wrong token and for a token already used.
   * @param wished a session of the asker's own making (43 of A-Z, a-z, 0-9, - and _), who may ask for it again
   */
  exchange(token: unknown, wished?: unknown): string | null;
  isSession(session: unknown): boolean;
  issueTicket(thing: string, nowMs: number): string;
  /** The thing, once per ticket, within a minute; else null. */
  redeem(ticket: string, nowMs: number): string | null;
}

export function createSecrets(): Secrets {
  const token = secret();
  let session: string | null = null;
  const tickets = new Map<string, { readonly thing: string; readonly until: number }>();
  return {
    token,
    exchange(candidate, wished) {
      if (!isSame(candidate, token)) return null;
      if (session !== null) return isSame(wished, session) ? session : null;
      const isWish = typeof wished === 'string' && /^[\w-]{43}$/.test(wished) && wished !== token;
      session = isWish ? wished : secret();
      return session;
    },
    isSession(candidate) {
      return session !== null && isSame(candidate, session);
    },
    issueTicket(thing, nowMs) {
      for (const [ticket, { until }] of tickets) if (until < nowMs) tickets.delete(ticket);
      const ticket = secret();
      tickets.set(ticket, { thing, until: nowMs + TICKET_MS });
      return ticket;
    },
    redeem(ticket, nowMs) {
      const found = tickets.get(ticket);
      tickets.delete(ticket);
      return found !== undefined && found.until >= nowMs ? found.thing : null;
    },
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Takes the same time wherever the texts differ. */
function isSame(candidate: unknown, secret: string): boolean {
  if (typeof candidate !== 'string') return false;
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(candidate), digest(secret));
}

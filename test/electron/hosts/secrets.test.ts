import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../../electron/hosts/secrets.ts';

describe('secrets of a host', () => {
  it('exchange the start token once', () => {
    const secrets = createSecrets();
    const session = secrets.exchange(secrets.token);
    expect(session).toMatch(/^[\w-]{43}$/);
    expect(session).not.toBe(secrets.token);
    expect(secrets.isSession(session)).toBe(true);
    expect(secrets.exchange(secrets.token)).toBeNull();
  });

  it('give the session that was wished for, again to whoever wished for it', () => {
    const secrets = createSecrets();
    const wished = 'w'.repeat(43);
    expect(secrets.exchange('wrong', wished)).toBeNull();
    expect(secrets.exchange(secrets.token, wished)).toBe(wished);
    expect(secrets.exchange(secrets.token, wished)).toBe(wished);
    expect(secrets.exchange('wrong', wished)).toBeNull();
    expect(secrets.exchange(secrets.token, 'v'.repeat(43))).toBeNull();
    expect(secrets.exchange(secrets.token)).toBeNull();
    expect(secrets.isSession(wished)).toBe(true);
    for (const bad of ['', 'short', 'w'.repeat(42), 'ä'.repeat(43), 7, null, {}]) {
      const given = createSecrets();
      expect(given.exchange(given.token, bad)).toMatch(/^[\w-]{43}$/);
    }
    const own = createSecrets();
    expect(own.exchange(own.token, own.token)).not.toBe(own.token);
  });

  it('take no wrong token, and keep the right one good after a wrong try', () => {
    const secrets = createSecrets();
    for (const wrong of [
      '',
      'x',
      `${secrets.token}x`,
      secrets.token.slice(1),
      null,
      undefined,
      7,
      {},
      [secrets.token],
    ]) {
      expect(secrets.exchange(wrong)).toBeNull();
    }
    expect(secrets.exchange(secrets.token)).not.toBeNull();
  });

  it('know no session before there is one, nor the token as one', () => {
    const secrets = createSecrets();
    expect(secrets.isSession('')).toBe(false);
    expect(secrets.isSession(undefined)).toBe(false);
    secrets.exchange(secrets.token);
    expect(secrets.isSession(secrets.token)).toBe(false);
  });

  it('make tickets good once, for a minute, and for one thing', () => {
    const secrets = createSecrets();
    const ticket = secrets.issueTicket('a report', 0);
    secrets.issueTicket('a table', 0);
    expect(secrets.redeem(ticket, 1_000)).toBe('a report');
    expect(secrets.redeem(ticket, 1_000)).toBeNull();
    expect(secrets.redeem(secrets.issueTicket('a report', 0), 60_001)).toBeNull();
    expect(secrets.redeem('', 0)).toBeNull();
  });

  it('differ from start to start', () => {
    expect(createSecrets().token).not.toBe(createSecrets().token);
  });
});

import { describe, expect, it } from 'vitest';
import { ledgerRows, ledgerSection, stepTable } from '../../../engine/report/sections/ledger.ts';
import { sampleDemo } from './sample.ts';

const { replay } = sampleDemo();

describe('the ledger', () => {
  it('goes from candidates over reachable and enrolled to sent, and adds up at every total', () => {
    const rows = ledgerRows(replay, 0.15);
    const totals = rows.filter((row) => row.as === 'total').map((row) => row.label);
    expect(totals).toEqual(['Candidates', 'Reachable', 'Enrolled', 'To be emailed', 'Got "reminder"']);
    let running = rows[0]?.amount ?? 0;
    for (const row of rows) {
      if (row.as === 'loss') running -= row.amount;
      else expect(row.amount).toBe(running);
    }
  });

  it('asks for the address before audience and suppression, as a replay does', () => {
    const labels = ledgerRows(replay, 0.15).map((row) => row.label);
    expect(labels.indexOf('no address known')).toBeLessThan(labels.indexOf('Reachable'));
    expect(labels.indexOf('suppressed: recent-email')).toBeGreaterThan(labels.indexOf('Reachable'));
  });

  it('refuses counts that do not add up', () => {
    expect(() => ledgerRows({ ...replay, candidates: replay.candidates + 1 }, 0.15)).toThrow('candidates less losses');
    const [first, ...rest] = replay.steps;
    if (first === undefined) throw new Error('the sample has steps');
    expect(() => stepTable({ ...replay, steps: [{ ...first, sent: first.sent + 1 }, ...rest] })).toThrow('was due');
  });

  it('says when nobody has an address, and what was still waiting', () => {
    const text = JSON.stringify(ledgerSection({ ...replay, reach: 'unknown' }, 0.15));
    expect(text).toContain('knows no address of anyone');
    expect(text).toContain('22 more were still waiting');
    expect(JSON.stringify(ledgerSection({ ...replay, pending: 0 }, 0.15))).not.toContain('still waiting');
  });

  it('stays whole where nobody enrolled at all', () => {
    const none = {
      ...replay,
      candidates: 0,
      pending: 0,
      alreadyEnrolled: 0,
      suppressed: { reentry: 0, unreachable: 0, audience: 0 },
      enrolled: { treated: 0, holdout: 0 },
      steps: [],
    };
    const section = ledgerSection(none, 0);
    expect(section.finding).toBe('Of 0 moments 0 enroll someone, and 0 emails go out.');
    expect(JSON.stringify(section)).not.toMatch(/NaN|Infinity/);
  });
});

// The building blocks and `decide --target` as a user runs them, against a Mailchimp and an ActiveCampaign on this
// computer: who gets an event is counted from a replay of the same rows.

import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActiveCampaignAccount } from '../../../helpers/activecampaign.ts';
import { ENVIRONMENT } from '../../../helpers/blocks.ts';
import { foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';
import { MailchimpAccount } from '../../../helpers/mailchimp.ts';
import { StandIn } from '../../../helpers/stand-in.ts';

const FIXTURE = join(import.meta.dirname, '../../../../fixtures/workflows/cart-recovery.json');
const END = '2026-04-01T00:00:00Z';
const folder = temporaryFolder();
afterAll(folder.remove);

interface Decision {
  readonly person: string;
  readonly kind: string;
  readonly step: string | null;
  readonly reason: string | null;
  readonly time: number;
}
let head = '';
let lines: string[] = [];
let log: Decision[] = [];
const timeOf = (line: string) => Date.parse(line.split(',')[2] as string);
const csv = (rows: readonly string[]) => `${[head, ...rows].join('\n')}\n`;

beforeAll(async () => {
  const cwd = folder.path;
  copyFileSync(FIXTURE, join(cwd, 'cart.json'));
  await foresendJson(['synth', '--model', 'cart', '--persons', '16', '--seed', '11', '--out', 'all.csv'], { cwd });
  const [first = '', ...rest] = readFileSync(join(cwd, 'all.csv'), 'utf8').trimEnd().split('\n');
  head = first;
  // Everybody is known by an address, and by one alone.
  const clean = rest.flatMap((line) => {
    const [person, event, time, value, , ...more] = line.split(',');
    const isRow = person !== '' && event !== '' && Number.isFinite(timeOf(line)) && Number.isFinite(Number(value));
    return isRow ? [[`${person}@example.com`, event, time, value, '', ...more].join(',')] : [];
  });
  lines = [...new Set(clean)];
  lines.sort((a, b) => timeOf(a) - timeOf(b));
  const decided = await foresend(['decide', 'cart.json', '--until', END], { cwd, stdin: csv(lines) });
  log = decided.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Decision);
}, 120_000);

/** Emails that go out when rows come in two runs: none to whoever is known, by the end of the run, to have left since. */
function expected(cutMs: number): string[] {
  const runOf = (time: number) => (time < cutMs ? 1 : 2);
  const isEarlyExit = ({ kind, reason }: Decision) => kind === 'exited' && reason !== 'expired';
  return log
    .filter(({ kind }) => kind === 'sent')
    .filter(
      (sent) =>
        !log.some(
          (exit) =>
            isEarlyExit(exit) &&
            exit.person === sent.person &&
            exit.time >= sent.time &&
            runOf(exit.time) === runOf(sent.time),
        ),
    )
    .map(({ person, step }) => `${person} ${step}`)
    .sort();
}

describe.each([
  ['mailchimp', () => new MailchimpAccount()],
  ['activecampaign', () => new ActiveCampaignAccount()],
] as const)('%s', (target, make) => {
  const account = make();
  const state = `${target}.decide.jsonl`;
  let standIn: StandIn;
  beforeAll(async () => {
    standIn = await new StandIn(account).start();
  });
  afterAll(async () => {
    await standIn.stop();
    expect(standIn.faultsOfItsOwn).toEqual([]);
  });
  const run = (args: readonly string[], stdin = '') =>
    foresend([...args, '--base-url', standIn.url], { cwd: folder.path, stdin, env: ENVIRONMENT });
  const esp = (...args: string[]) => run(['esp', ...args]);
  /** Far beyond the age of the rows: tests are run at any time. */
  const decide = (rows: readonly string[], ...more: string[]) =>
    run(['decide', 'cart.json', '--state', state, '--target', target, '--max-age', '100000d', ...more], csv(rows));

  it('is planned, applied, checked and handed over', async () => {
    const planned = await esp('plan', 'cart.json', '--target', target, '--out', `${target}.plan.json`);
    expect(planned.stderr).toContain('No history was looked at');
    expect(planned.stdout.replace(/\s+/g, ' ')).toContain('and no email goes out.');
    expect(planned.stdout).toContain('+ Create tag "In Cart abandonment recovery [foresend:cart-recovery tag:in]"');
    expect(planned.stdout).toContain('Build the automation of "reminder"');
    const applied = await esp('apply', `${target}.plan.json`);
    expect([applied.status, applied.stdout]).toEqual([
      0,
      expect.stringContaining('Read back and compared: as planned.'),
    ]);
    const verified = await esp('verify', 'cart.json', '--target', target);
    expect(verified.status, verified.stderr).toBe(0);
    expect(verified.stdout).toContain('[x] 1. Push the building blocks');
    const sheet = await esp('sheet', 'cart.json', '--target', target, '--out', `${target}.html`);
    expect(sheet.status, sheet.stderr).toBe(0);
    const page = readFileSync(join(folder.path, `${target}.html`), 'utf8');
    expect(page).toContain('fs_cart_recovery__social_proof');
    expect(page).toContain('shop@example.com');
    expect(page).not.toMatch(/https?:\/\/(?!127)|<script/);
    const again = await esp('plan', 'cart.json', '--target', target, '--detailed-exitcode');
    expect([again.status, again.stdout]).toEqual([0, expect.stringContaining('Nothing changes in')]);
  });

  it('is told of each decision once: dry, in two runs, and of rows that come twice', async () => {
    for (const person of new Set(log.map((one) => one.person))) {
      if (account instanceof MailchimpAccount) account.addMember(person);
      else account.addContact(person);
    }
    const cut = Math.floor(lines.length / 2);
    const cutMs = timeOf(lines[cut] as string);
    const dry = await decide(lines.slice(0, cut), '--dry-run');
    expect(dry.status, dry.stderr).toBe(0);
    expect(dry.stderr).toContain('nothing was sent');
    expect(existsSync(join(folder.path, state))).toBe(false);
    const calls = dry.stdout
      .trim()
      .split('\n')
      .flatMap((line) => (JSON.parse(line) as { calls: unknown[] }).calls);
    expect(calls.length).toBeGreaterThan(10);

    standIn.calls.length = 0;
    const first = await decide(lines.slice(0, cut));
    expect(first.status, first.stderr).toBe(0);
    // The last rows of the first run come once more.
    const second = await decide(lines.slice(cut - 20), '--until', END);
    expect(second.status, second.stderr).toBe(0);
    const third = await decide(lines.slice(-20), '--until', END);
    expect(third.stdout).toBe('');
    const told =
      account instanceof MailchimpAccount
        ? [...account.audience.members.values()].flatMap(({ email, events }) => events.map(({ name }) => [email, name]))
        : account.contacts.flatMap(({ email, events }) => events.map(({ name }) => [email, name]));
    const wanted = expected(cutMs).map((line) => {
      const [person, step] = line.split(' ') as [string, string];
      return `${person} fs_cart_recovery__${step.replace('-', '_')}`;
    });
    expect(told.map((one) => one.join(' ')).sort()).toEqual(wanted.sort());
    expect(told.length).toBeGreaterThan(3);
  }, 180_000);

  it('starts every email once for one test person, who has to be there', async () => {
    if (account instanceof MailchimpAccount) account.addMember('me@example.com');
    else account.addContact('me@example.com');
    const tried = await esp('try', 'cart.json', '--target', target, '--email', 'me@example.com');
    expect([tried.status, tried.stdout]).toEqual([0, expect.stringContaining('Told')]);
    const stranger = await esp('try', 'cart.json', '--target', target, '--email', 'nobody@example.com');
    expect([stranger.status, stranger.stderr]).toEqual([1, expect.stringContaining('no contact with this address')]);
  });

  it('is told nothing before it has what the workflow needs', async () => {
    copyFileSync(FIXTURE, join(folder.path, 'fresh.json'));
    const asked = ['decide', 'fresh.json', '--state', 'fresh.jsonl', '--target', target];
    const one = await run(asked, csv(lines.slice(0, 5)));
    expect([one.status, one.stderr]).toEqual([1, expect.stringContaining('has to be pushed first')]);
    expect(readdirSync(folder.path).filter((file) => file.startsWith('fresh.jsonl'))).toEqual([]);
  });

  it('gives back what is ours', async () => {
    const gone = await esp('destroy', 'cart.json', '--target', target);
    expect(gone.stdout).toContain('Removed from account');
    expect(gone.stdout).toContain('delete those of the sheet there');
  });
});

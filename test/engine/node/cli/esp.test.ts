// The esp commands as a user runs them, against a Klaviyo on this computer.

import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';
import { shop } from '../../../helpers/klaviyo-shop.ts';
import { KlaviyoStandIn, TEST_KEY } from '../../../helpers/klaviyo-stand-in.ts';

const FIXTURE = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'workflows', 'cart-recovery.json');
const folder = temporaryFolder();
const workflow = join(folder.path, 'cart.json');
const plan = join(folder.path, 'cart.plan.json');
let standIn: KlaviyoStandIn;
const printed: string[] = [];

async function run(...args: string[]) {
  const one = await foresend([...args, '--base-url', standIn.url], { cwd: folder.path });
  printed.push(one.stdout, one.stderr);
  return one;
}

beforeAll(async () => {
  process.env['KLAVIYO_API_KEY'] = TEST_KEY;
  copyFileSync(FIXTURE, workflow);
  standIn = await new KlaviyoStandIn({ account: shop() }).start();
});
afterAll(async () => {
  delete process.env['KLAVIYO_API_KEY'];
  await standIn.stop();
  folder.remove();
  expect(standIn.faultsOfItsOwn).toEqual([]);
});

describe('a workflow carried to Klaviyo', () => {
  it('is planned in words, and in JSON, and nothing is written there', async () => {
    const words = await run('esp', 'plan', workflow, '--out', plan, '--detailed-exitcode');
    expect(words.status, words.stderr).toBe(2);
    expect(words.stdout).toContain('5 changes in Klaviyo, and no email goes out.');
    expect(words.stdout).toContain('  + Create flow "Cart abandonment recovery [foresend:cart-recovery flow]"');
    expect(words.stdout).toContain('      Wait before "social-proof": 23 h');
    expect(words.stdout).toContain('  ! Read the draft, then turn it live');
    expect(words.stdout.split('\n').every((line) => line.length <= 100 || line.includes(plan))).toBe(true);
    const json = await foresendJson(['esp', 'plan', workflow, '--base-url', standIn.url]);
    expect(json).toMatchObject({ plan: 'klaviyo', account: 'ACC1', workflow: { id: 'cart-recovery' } });
    expect(standIn.writes).toEqual([]);
  });

  it('is applied as drafts, verified, and has nothing left to do', async () => {
    const applied = await run('esp', 'apply', plan);
    expect(applied.status, applied.stderr).toBe(0);
    expect(applied.stdout).toContain('Everything is a draft');
    expect(applied.stdout).toContain('Arms are written for 7 people');
    expect(applied.stdout).toContain('Read back and compared: as planned.');
    const verified = await run('esp', 'verify', workflow);
    expect([verified.status, verified.stdout]).toEqual([
      0,
      'cart-recovery at Klaviyo, account ACC1: as the workflow says.\n',
    ]);
    const again = await run('esp', 'plan', workflow, '--detailed-exitcode');
    expect(again.stdout).toContain('  = Leave flow');
    expect(again.status).toBe(0);
  });

  it('has its drift shown, with exit status 1', async () => {
    const message = standIn.account.flows[0]?.definition.actions.find(
      (action: { type: string }) => action.type === 'send-email',
    );
    const before = message.data.message.subject_line;
    message.data.message.subject_line = 'A person was here';
    const verified = await run('esp', 'verify', workflow);
    expect(verified.status).toBe(1);
    expect(verified.stdout).toContain('Klaviyo:  A person was here');
    const json = await foresend(['esp', 'verify', workflow, '--json', '--base-url', standIn.url]);
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout).drift).toHaveLength(1);
    message.data.message.subject_line = before;
  });

  it('refuses a plan made before the workflow was changed', async () => {
    const text = readFileSync(workflow, 'utf8');
    await run('esp', 'plan', workflow, '--out', plan);
    writeFileSync(workflow, text.replace('"60m"', '"90m"'));
    const applied = await run('esp', 'apply', plan);
    expect([applied.status, applied.stdout]).toEqual([1, '']);
    expect(applied.stderr).toContain('The workflow has changed since the plan was made');
    writeFileSync(workflow, text);
  });

  it('goes live only when asked to, and is bound and removed', async () => {
    expect((await run('esp', 'status', workflow, '--to', 'live')).stdout).toContain('is live now; it was draft.');
    expect((await run('esp', 'destroy', workflow)).stderr).toContain('is live; set it to draft first');
    expect((await run('esp', 'status', workflow, '--to', 'draft')).status).toBe(0);
    const adopted = await run('esp', 'adopt', workflow, '--state', join(folder.path, 'other.json'));
    expect(adopted.stdout).toContain(
      'flow: "Cart abandonment recovery [foresend:cart-recovery flow]" (F00001), by its marker',
    );
    expect((await run('esp', 'destroy', workflow, '--dry-run')).stdout).toContain('Would be removed');
    expect((await run('esp', 'destroy', workflow)).stdout).toContain('Removed from account ACC1');
    expect(standIn.account.flows).toEqual([]);
  });
});

describe('what is refused', () => {
  it.each(['mailchimp', 'activecampaign'])('%s without its key, or to turn something on there', async (target) => {
    const one = await run('esp', 'plan', workflow, '--target', target);
    expect([one.status, one.stdout]).toEqual([1, '']);
    expect(one.stderr).toContain(`${target.toUpperCase()}_API_KEY is not set`);
    const status = await run('esp', 'status', workflow, '--target', target, '--to', 'live');
    expect([status.status, status.stderr]).toEqual([2, expect.stringContaining('esp status is for Klaviyo')]);
  });

  it('no key, a wrong key, a plan that is none, a wrong status', async () => {
    delete process.env['KLAVIYO_API_KEY'];
    const none = await run('esp', 'plan', workflow);
    process.env['KLAVIYO_API_KEY'] = 'pk_wrong';
    const wrong = await run('esp', 'plan', workflow);
    process.env['KLAVIYO_API_KEY'] = TEST_KEY;
    expect([none.status, none.stderr]).toMatchObject([1, expect.stringContaining('KLAVIYO_API_KEY is not set')]);
    expect([wrong.status, wrong.stderr]).toMatchObject([1, expect.stringContaining('does not know the key')]);
    expect(wrong.stderr).not.toContain('pk_wrong');
    expect((await run('esp', 'apply', workflow)).stderr).toContain('is no plan that');
    expect((await run('esp', 'status', workflow, '--to', 'on')).status).toBe(2);
    expect((await run('esp', 'plan', workflow, '--out', workflow)).stderr).toContain('is what this command reads');
  });
});

describe('an account pulled', () => {
  it('is a dataset like any other, and flows are workflow files', async () => {
    const { account } = standIn;
    const [cart] = account.metrics;
    for (const { id } of account.profiles)
      account.addEvent(cart?.id as string, id, '2026-04-01T10:00:00Z', { $value: 30 });
    const workspace = join(folder.path, 'w.foresend');
    const pulled = await run('pull', 'klaviyo', '--dataset', 'shop', '--workspace', workspace);
    expect(pulled.status, pulled.stderr).toBe(0);
    expect(pulled.stdout).toContain('7 people, 7 events');
    expect(pulled.stdout).toMatch(/Added to Cart +7/);
    const described = await foresendJson(['describe', '--workspace', workspace]);
    expect(described.events).toBe(7);
    const checked = await run('esp', 'plan', workflow, '--workspace', workspace);
    expect(checked.stderr).toContain('item');
    expect(checked.stdout).toMatch(/as designed +as Klaviyo would run it/);
    expect(checked.stdout).toMatch(/people emailed +\d+ +\d+/);
    const again = await foresendJson([
      'pull',
      'klaviyo',
      '--dataset',
      'shop',
      '--workspace',
      workspace,
      '--base-url',
      standIn.url,
    ]);
    expect(again).toMatchObject({ account: 'ACC1', incremental: true, resumed: false, import: { events: 7 } });
  });

  it('from another service is wrong usage; a test is read back from Klaviyo only', async () => {
    expect((await run('pull', 'mailchimp', '--dataset', 'x')).status).toBe(2);
    const fetched = await run(
      'holdout',
      'fetch',
      workflow,
      '--out',
      join(folder.path, 't.csv'),
      '--target',
      'mailchimp',
    );
    expect([fetched.status, fetched.stderr]).toEqual([
      1,
      'A test cannot be read back from mailchimp yet; klaviyo can.\n',
    ]);
    const none = await run('holdout', 'fetch', workflow, '--out', join(folder.path, 't.csv'));
    expect(none.stderr).toContain('names no flow');
    expect((await run('holdout', 'fetch', workflow, '--out', 't.csv', '--lookback', '9')).status).toBe(2);
  });
});

it('the key stands in nothing that was printed or written', () => {
  const files = readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
  expect(files.length).toBeGreaterThan(3);
  for (const text of [...printed, ...files]) expect(text).not.toContain(TEST_KEY);
});

// `pull` and `flows` as a user runs them, on an account with flows that have been mailing for months.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';
import { liveShop } from '../../../helpers/klaviyo-live-shop.ts';
import { KlaviyoStandIn, TEST_KEY } from '../../../helpers/klaviyo-stand-in.ts';

const folder = temporaryFolder();
const workspace = join(folder.path, 'w.foresend');
const live = liveShop();
let standIn: KlaviyoStandIn;

beforeAll(async () => {
  process.env['KLAVIYO_API_KEY'] = TEST_KEY;
  standIn = await new KlaviyoStandIn({ account: live.account }).start();
});
afterAll(async () => {
  delete process.env['KLAVIYO_API_KEY'];
  await standIn.stop();
  folder.remove();
  expect(standIn.faultsOfItsOwn).toEqual([]);
});

describe('flows of a pulled account', () => {
  it('stand beside what the account recorded of them, in JSON and in words', async () => {
    const pull = ['pull', 'klaviyo', '--dataset', 'shop', '--workspace', workspace, '--base-url', standIn.url];
    const { flows } = await foresendJson(pull);
    expect(flows.map(({ name }: { name: string }) => name)).toEqual(['Abandoned cart', 'Price drop', 'Order thanks']);
    const { emails, people, carts } = live.planted;
    const [cart, drop, thanks] = flows;
    expect(cart.replayed.recorded).toMatchObject({ emails, people });
    expect(cart.replayed.replayed).toMatchObject({ sends: emails, agree: emails, recordedOnly: 0, replayedOnly: 0 });
    expect(cart.replayed.credited).toMatchObject({ by: 'engaged', withinMs: 5 * 86_400_000 });
    const { effect } = cart.replayed;
    expect([effect.mailed + effect.unmailed, effect.mailed]).toEqual([effect.entries, people]);
    expect(effect.entries).toBeLessThanOrEqual(carts);
    expect(effect.known.bounds.map(({ assumption }: { assumption: string }) => assumption)).toContain('no_harm');
    expect(drop.replayed).toMatchObject({ replayed: null, replayReason: expect.stringContaining('cannot be said') });
    expect(drop.unexpressed.length).toBeGreaterThan(0);
    expect(thanks.replayed).toMatchObject({ effect: null, replayReason: expect.stringContaining('records no email') });

    const words = await foresend(pull);
    expect(words.stdout).toContain(`Recorded: ${emails} emails to ${people} people.`);
    expect(words.stdout.replace(/\s+/g, ' ')).toContain(
      `${emails} of the ${emails} recorded (100%) have one within 60 min`,
    );
    expect(words.stdout).toMatch(/if emails harm nobody/);
    expect(words.stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  it('are told again without the network', async () => {
    const calls = standIn.calls.length;
    const { flows, account } = await foresendJson(['flows', '--workspace', workspace]);
    expect(account).toBe('LIVE1');
    expect(flows[0].replayed.recorded.emails).toBe(live.planted.emails);
    const words = await foresend(['flows', '--workspace', workspace]);
    expect(words.stdout).toContain('How many it adds is not known');
    expect(standIn.calls.length).toBe(calls);
  });

  it('are refused of a dataset that was not pulled', async () => {
    await foresend(['synth', '--model', 'cart', '--persons', '50', '--workspace', workspace, '--dataset', 'made']);
    const refused = await foresend(['flows', '--workspace', workspace, '--dataset', 'made']);
    expect([refused.status, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('was not pulled from an account');
  });
});

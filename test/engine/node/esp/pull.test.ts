import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { applyPlan, makePlan, type PullOptions, pullKlaviyo, spoolFolder } from '../../../../engine/node/esp/index.ts';
import { eventLines } from '../../../../engine/node/esp/spool-lines.ts';
import { Workspace } from '../../../../engine/node/store/index.ts';
import { parseWorkflow } from '../../../../engine/workflow/index.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import { type Bench, bench, START } from '../../../helpers/klaviyo.ts';
import { KlaviyoAccount } from '../../../helpers/klaviyo-account.ts';
import { cartRecovery, workflowOf } from '../../../helpers/klaviyo-shop.ts';
import { TEST_KEY } from '../../../helpers/klaviyo-stand-in.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function account(): KlaviyoAccount {
  const one = new KlaviyoAccount();
  const cart = one.addMetric('Added to Cart');
  const bought = one.addMetric('Purchased');
  const received = one.addMetric('Received Email', 'Klaviyo');
  const clicked = one.addMetric('Clicked Email', 'Klaviyo');
  const left = one.addMetric('Unsubscribed from Email Marketing', 'Klaviyo');
  one.addMetric('Received Email', 'Magento');
  const consent = {
    consent: 'SUBSCRIBED',
    consent_timestamp: '2026-02-01T00:00:00+00:00',
    can_receive_email_marketing: true,
  };
  for (let i = 0; i < 130; i++) {
    one.addProfile({
      created: '2026-01-15T00:00:00+00:00',
      updated: '2026-03-01T00:00:00+00:00',
      properties: { plan: 'pro' },
      consent,
    });
  }
  for (const [i, { id }] of one.profiles.entries()) {
    for (let day = 1; day < 15; day++) {
      one.addEvent(cart, id, `2026-04-${String(day).padStart(2, '0')}T10:00:0${i % 10}Z`, {
        $value: 20 + i,
        item: `i${day}`,
        $extra: { x: 1 },
      });
    }
    one.addEvent(bought, id, '2026-04-20T10:00:00Z', { $value: 50.25 });
    one.addEvent(received, id, '2026-04-21T10:00:00Z', { Subject: 'Hello', $flow: 'F1' });
  }
  one.addEvent(clicked, 'P00001', '2026-04-22T10:00:00Z');
  one.addEvent(left, 'P00001', '2026-04-23T10:00:00Z');
  return one;
}

async function started(options: Parameters<typeof bench>[0] = {}) {
  const one = await bench({ account: account(), ...options });
  const folder = temporaryFolder();
  cleanUps.push(() => one.close(), folder.remove);
  const asked: PullOptions = {
    workspacePath: join(folder.path, 'w.foresend'),
    dataset: 'shop',
    out: join(folder.path, 'flows'),
    metrics: [],
    since: null,
  };
  return { ...one, folder: folder.path, asked };
}

function stored({ workspacePath, dataset }: PullOptions) {
  const workspace = Workspace.open(workspacePath, { readonly: true });
  try {
    return { history: workspace.loadHistory(dataset), info: workspace.datasetInfo(dataset) };
  } finally {
    workspace.close();
  }
}

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  return error.message;
}

describe('a first pull', () => {
  it('makes an ordinary dataset of people and events', async () => {
    const one = await started();
    const report = await pullKlaviyo(one.client(), one.asked);
    const { history, info } = stored(one.asked);
    expect(info.events).toBe(130 * 16 + 2);
    expect(info.persons).toBe(130);
    expect(report.import.rows.rejected).toEqual([]);
    expect([...history.emailEvents]).toEqual(
      expect.arrayContaining(['Received Email (Klaviyo)', 'Clicked Email', 'Unsubscribed from Email Marketing']),
    );
    expect(history.emailEvents.has('Received Email (Magento)')).toBe(false);
    expect([info.observedUntil, info.observedUntilGiven]).toEqual([START, true]);
    const row = history.personStart[history.personIndex('P00003')] as number;
    expect(history.names[history.nameCodes[row] as number]).toBe('Added to Cart');
    expect(history.values.at(row)).toBe(22);
    expect(history.eventProperty(row, 'item')).toBe('i1');
    expect(info.properties).not.toContain('$extra');
    expect(info.properties).not.toContain('id');
  });

  it('knows nothing of a person before its time', async () => {
    const one = await started();
    await pullKlaviyo(one.client(), one.asked);
    const { history } = stored(one.asked);
    const person = history.personIndex('P00001');
    const at = (property: string, iso: string) => history.personProperty(person, property, Date.parse(iso));
    expect(at('email', '2026-01-14T23:59:59Z')).toBeUndefined();
    expect(at('email', '2026-01-15T00:00:00Z')).toBe('p00001@example.com');
    expect(at('email_consent', '2026-01-31T00:00:00Z')).toBeUndefined();
    expect(at('email_consent', '2026-02-01T00:00:00Z')).toBe(true);
    expect(at('email_consent', '2026-04-23T10:00:00Z')).toBe(false);
    expect(at('plan', '2026-02-28T00:00:00Z')).toBeUndefined();
    expect(at('plan', '2026-03-01T00:00:00Z')).toBe('pro');
  });

  it('keeps which flow an email is of, and which one an event is credited to, as the account attributes them', async () => {
    const one = await started();
    const [cart, bought, received] = one.account.metrics.map(({ id }) => id) as [string, string, string];
    one.account.addEvent(received, 'P00007', '2026-05-01T10:00:00Z', { Subject: 'A' }, 'FLOW1');
    one.account.addEvent(bought, 'P00007', '2026-05-02T10:00:00Z', { $value: 9 }, 'FLOW1');
    one.account.addEvent(cart, 'P00007', '2026-05-03T10:00:00Z');
    await pullKlaviyo(one.client(), one.asked);
    const { history } = stored(one.asked);
    const end = history.personStart[history.personIndex('P00007') + 1] as number;
    const said = [end - 3, end - 2, end - 1].map((row) => [
      history.eventProperty(row, '$flow'),
      history.eventProperty(row, '$attributed_flow'),
    ]);
    expect(said).toEqual([
      ['FLOW1', undefined],
      [undefined, 'FLOW1'],
      [undefined, undefined],
    ]);
    const asked = one.standIn.calls.filter(({ operation }) => operation === 'GET /api/events');
    expect(asked.every(({ query }) => query.includes('include=attributions'))).toBe(true);
  });

  it('credits to no flow what the account attributes to another email', () => {
    const event = {
      type: 'event',
      id: 'E1',
      attributes: { timestamp: 1_770_000_000, event_properties: {} },
      relationships: { profile: { data: { type: 'profile', id: 'P1' } } },
      included: [
        { type: 'attribution', id: 'A1', attributes: {}, relationships: { campaign: { data: { id: 'C1' } } } },
      ],
    };
    const metric = { id: 'M1', name: 'Purchased', integration: null };
    const [line = ''] = eventLines(event, metric, 'Purchased');
    expect(JSON.parse(line)).toMatchObject({ properties: { $attributed_flow: 'none' } });
  });

  it('reads only, follows every page, and writes the key nowhere', async () => {
    const one = await started();
    await pullKlaviyo(one.client(), one.asked);
    expect(one.standIn.writes).toEqual([]);
    expect(one.standIn.count('GET /api/profiles')).toBe(2);
    const files = readdirSync(one.folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    expect(files.length).toBeGreaterThan(5);
    for (const { parentPath, name } of files)
      expect(readFileSync(join(parentPath, name), 'latin1')).not.toContain(TEST_KEY);
  });

  it('reads the flow that Foresend made back as the workflow it came from, beside what it was there', async () => {
    const one = await started();
    const workflow = workflowOf(cartRecovery());
    const statePath = join(one.folder, 'cart.klaviyo.json');
    one.account.metrics = one.account.metrics.filter(
      ({ integration, name }) => name !== 'Received Email' || integration === 'Klaviyo',
    );
    const { plan } = await makePlan(one.client(), workflow, statePath);
    await applyPlan(one.client(), { plan, workflow, statePath });
    const { flows } = await pullKlaviyo(one.client(), one.asked);
    expect(flows).toMatchObject([{ name: one.account.flows[0]?.name, status: 'draft', isWritten: true }]);
    const path = flows[0]?.file as string;
    const read = workflowOf(parseWorkflow(readFileSync(path, 'utf8'), path) as never);
    expect(read.trigger).toMatchObject({ type: 'inaction', withinMs: 3_600_000 });
    const verbatim = JSON.parse(readFileSync(flows[0]?.verbatim as string, 'utf8'));
    expect(verbatim.definition).toEqual(one.account.flows[0]?.definition);
    writeFileSync(path, '{"mine": true}');
    expect((await pullKlaviyo(one.client(), one.asked)).flows).toMatchObject([{ file: path, isWritten: false }]);
    expect(readFileSync(path, 'utf8')).toBe('{"mine": true}');
  });

  it('keeps to the metrics and the start that were asked for', async () => {
    const one = await started();
    await pullKlaviyo(one.client(), {
      ...one.asked,
      metrics: ['Purchased'],
      since: Date.parse('2026-04-21T00:00:00Z'),
    });
    const { info } = stored(one.asked);
    expect(info.eventNames).not.toContain('Added to Cart');
    expect(info.from).toBe(Date.parse('2026-04-21T10:00:00Z'));
    expect(info.observedFrom).toBe(Date.parse('2026-04-21T00:00:00Z'));
  });
});

describe('a later pull', () => {
  it('asks only for what is new, and keeps each event once', async () => {
    const one = await started();
    await pullKlaviyo(one.client(), one.asked);
    const before = one.standIn.calls.length;
    const [cart] = one.account.metrics;
    one.clock.time += 86_400_000;
    one.account.addEvent(cart?.id as string, 'P00001', '2026-06-01T18:00:00Z', { $value: 5 });
    one.account.addProfile({ created: '2026-06-01T13:00:00+00:00' });
    const report = await pullKlaviyo(one.client(), one.asked);
    expect(report).toMatchObject({ incremental: true, resumed: false });
    expect(stored(one.asked).info).toMatchObject({ events: 130 * 16 + 3, persons: 131 });
    const asked = one.standIn.calls.slice(before).filter(({ operation }) => operation === 'GET /api/events');
    expect(
      asked.every(({ query }) => decodeURIComponent(query).includes('greater-or-equal(datetime,2026-05-29T12:00:00Z)')),
    ).toBe(true);
  });
});

describe('a pull that was interrupted', () => {
  it('at any call goes on at the page it stopped at, and is the same in the end', async () => {
    const whole = await started();
    await pullKlaviyo(whole.client(), whole.asked);
    const calls = whole.standIn.calls.map(({ operation }) => operation);
    const expected = stored(whole.asked).history.fingerprint;
    for (const k of calls.keys()) {
      const one = await started();
      const aborter = new AbortController();
      one.standIn.options = {
        ...one.standIn.options,
        onCall: (n, when) => {
          if (n === k && when === (k % 2 === 0 ? 'after' : 'before')) aborter.abort();
        },
      };
      await expect(pullKlaviyo(one.client({ signal: aborter.signal }), one.asked)).rejects.toThrow(/abort/i);
      expect(existsSync(one.asked.workspacePath)).toBe(false);
      one.clock.time += 3_600_000;
      const report = await pullKlaviyo(one.client(), one.asked);
      expect(report.resumed).toBe(k > 0);
      if (k > 0) expect(stored(one.asked).history.fingerprint, `call ${k}`).toBe(expected);
      const again = one.standIn.calls.filter(
        ({ operation }) => operation === 'GET /api/profiles' || operation === 'GET /api/events',
      );
      const pages = calls.filter(
        (operation) => operation === 'GET /api/profiles' || operation === 'GET /api/events',
      ).length;
      expect(again.length).toBeLessThanOrEqual(pages + 1);
    }
  });

  it('with lines that were half written cuts them off', async () => {
    const one = await started({ fault: (n) => (n >= 5 ? 'reset-before' : null) });
    await failure(pullKlaviyo(one.client(), one.asked));
    const folder = spoolFolder(one.asked);
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
      writeFileSync(join(folder, file), `${readFileSync(join(folder, file), 'utf8')}{"klaviyo":"event","id":"half`);
    }
    one.standIn.options = { ...one.standIn.options, fault: () => null };
    const report = await pullKlaviyo(one.client(), one.asked);
    expect(report.import.rows.rejected).toEqual([]);
    expect(stored(one.asked).info.events).toBe(130 * 16 + 2);
  });
});

describe('a pull is refused', () => {
  it.each<[string, (one: Bench & { asked: PullOptions }) => Promise<unknown>, string]>([
    ['with a wrong key', (one) => pullKlaviyo(one.client({ key: 'pk_wrong' }), one.asked), 'does not know the key'],
    [
      'for a metric that is not there',
      (one) => pullKlaviyo(one.client(), { ...one.asked, metrics: ['Purchase'] }),
      'Some metrics are not there',
    ],
  ])('%s, before a dataset is made', async (_, pull, words) => {
    const one = await started();
    expect(await failure(pull(one))).toContain(words);
    expect(existsSync(one.asked.workspacePath)).toBe(false);
  });

  it('without a right, which is named', async () => {
    const one = await started({ rights: ['accounts:read', 'metrics:read', 'profiles:read'] });
    expect(await failure(pullKlaviyo(one.client(), one.asked))).toContain('needs the right events:read');
  });

  it('into a dataset of another origin or account', async () => {
    const one = await started();
    await pullKlaviyo(one.client(), one.asked);
    const two = await started({ account: new KlaviyoAccount('ACC2') });
    expect(await failure(pullKlaviyo(two.client(), one.asked))).toContain('was not pulled from the account ACC2');
    expect(await failure(pullKlaviyo(two.client(), two.asked))).toContain('neither people nor events');
  });
});

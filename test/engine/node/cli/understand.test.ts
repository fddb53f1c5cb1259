// moments and segments from outside, on a real history.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';
import { describeShared, sharedPath } from '../../../helpers/shared.ts';

const WIN_BACK = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'workflows', 'win-back.json');
const folder = temporaryFolder();
const cwd = folder.path;
afterAll(folder.remove);

const total = (sizes: Record<string, number>) => Object.values(sizes).reduce((a, b) => a + b, 0);

describeShared('segments and moments of messages', () => {
  beforeAll(async () => {
    const file = sharedPath('data', 'collegemsg_messages.csv.gz');
    await foresend(['import', file, '--dataset', 'messages', '--event', 'Message', '--map', 'user=sender_id'], { cwd });
  });

  it('adds each kind up to all persons, as of any moment', async () => {
    // 1,350 of 1,899 users ever send.
    const now = await foresendJson(['segments'], { cwd });
    expect(now.people).toBe(1350);
    for (const kind of ['engagement', 'lifecycle', 'adoption']) expect(total(now[kind].sizes)).toBe(1350);
    expect(Object.keys(now.lifecycle.sizes)).toEqual(['prospect', 'new', 'activated', 'engaged', 'at-risk', 'churned']);
    // Who sent nothing from 27 September on, counted in the file.
    const lines = lastMessages();
    const end = Math.max(...lines.values());
    expect(now.engagement.sizes.dormant).toBe([...lines.values()].filter((time) => time <= end - 30 * 86_400).length);
    const then = await foresendJson(['segments', '--at', '2004-05-15T00:00:00Z'], { cwd });
    expect(then.people + then.later).toBe(1350);
    expect(then.people).toBeLessThan(1000);
  });

  it('counts active hours by the local clock, and each email’s property as of its own moment', async () => {
    const workflow = {
      foresend: 1,
      id: 'quiet',
      timezone: 'America/Los_Angeles',
      personalize: { properties: [{ name: 'sent_before', is: 'count', event: 'Message' }] },
      trigger: { type: 'absence', for: '30d' },
      sequence: [{ id: 'back', delay: '0d', subject: 'After {{ sent_before }} messages' }],
      goal: { event: 'Message', within: '14d' },
    };
    writeFileSync(join(cwd, 'quiet.json'), JSON.stringify(workflow));
    const rows = messages();
    const hours = await foresendJson(['personalize', 'quiet.json', '--hours', '--person', '9'], { cwd });
    // All of it lies in daylight-saving time, 7 hours behind UTC.
    const counts = new Array<number>(24).fill(0);
    const perSender = new Map<string, number>();
    for (const { sender, time } of rows) {
      const hour = Math.floor((time - 7 * 3600) / 3600) % 24;
      counts[hour] = (counts[hour] as number) + 1;
      perSender.set(sender, (perSender.get(sender) ?? 0) + 1);
    }
    expect(hours.everybody.hours).toEqual(counts);
    expect(hours.withOwn).toBe([...perSender.values()].filter((n) => n >= 5).length);
    expect(hours.person.events).toBe(perSender.get('9'));

    const { previews, sends, subjects } = await foresendJson(['personalize', 'quiet.json'], { cwd });
    expect(subjects[0]).toMatchObject({ sends, empty: 0, blank: 0 });
    const typical = previews.find(({ kind }: { kind: string }) => kind === 'typical');
    const before = rows.filter(({ sender, time }) => sender === typical.person && time * 1000 <= typical.at);
    expect(typical.subject).toBe(`After ${before.length} messages`);
    expect(Math.max(...before.map(({ time }) => time)) * 1000).toBe(typical.at - 30 * 86_400_000);

    const wrong = await foresend(['personalize', 'quiet.json', '--person', '9'], { cwd });
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
  });

  it('says what a workflow does to each, and takes settings as a workflow does', async () => {
    const answer = await foresendJson(['segments', WIN_BACK, '--set', 'segments.engagement.dormant=45d'], { cwd });
    expect(answer.rules.engagement.dormant).toBe('45d');
    const replayed = await foresendJson(['replay', WIN_BACK], { cwd });
    const { engagement } = answer.workflow.effects;
    expect(engagement.reduce((n: number, row: { candidates: number }) => n + row.candidates, 0)).toBe(
      replayed.candidates,
    );
    // The trigger waits for 60 days of silence: everybody is dormant by then.
    expect(engagement.find((row: { segment: string }) => row.segment === 'dormant').candidates).toBe(
      replayed.candidates,
    );
  });

  it('refuses what it cannot answer', async () => {
    for (const [args, words] of [
      [['segments', '--at', '2005-01-01T00:00:00Z'], 'past the end of the history'],
      [['segments', '--timezone', 'Mars'], 'no IANA time zone'],
      [['segments', '--set', 'trigger.within=1h'], 'name the workflow first'],
      [['segments', '--set', 'segments.lifecycle.lapsed=10d'], 'must be at least "dormant"'],
      [['moments', '--save', '99'], 'no moment 99'],
    ] as const) {
      const run = await foresend([...args], { cwd });
      expect(run, args.join(' ')).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).toContain(words);
    }
    expect((await foresend(['segments', WIN_BACK, '--standard'], { cwd })).status).toBe(2);
  });

  it('writes the workflow of a moment, which can be replayed and is not written over', async () => {
    const { moments } = await foresendJson(['moments', '--save', '1', '--out', 'made.json'], { cwd });
    expect(moments[0]).toMatchObject({ kind: 'dropOff', pattern: 'engagementDecline' });
    expect(JSON.parse(readFileSync(join(cwd, 'made.json'), 'utf8'))).toEqual(moments[0].workflow);
    const replayed = await foresendJson(['replay', 'made.json'], { cwd });
    expect(replayed.candidates).toBeGreaterThan(100);
    expect((await foresend(['moments', '--save', '1', '--out', 'made.json'], { cwd })).status).toBe(1);
  });
});

describe('without a history', () => {
  it('says that there is none', async () => {
    for (const command of ['segments', 'moments']) {
      const run = await foresend([command, '--workspace', 'nowhere.foresend'], { cwd });
      expect(run).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).toContain('There is no workspace');
    }
  });
});

/** Who sent and when, seconds since 1970, read from the file itself; a line that comes twice once. */
function messages(): { readonly sender: string; readonly time: number }[] {
  const text = gunzipSync(readFileSync(sharedPath('data', 'collegemsg_messages.csv.gz'))).toString();
  return [...new Set(text.trim().split('\n').slice(1))].map((line) => {
    const [sender, , time] = line.split(',') as [string, string, string];
    return { sender, time: Number(time) };
  });
}

/** The last message of each sender. */
function lastMessages(): Map<string, number> {
  const last = new Map<string, number>();
  for (const { sender, time } of messages()) last.set(sender, Math.max(last.get(sender) ?? 0, time));
  return last;
}

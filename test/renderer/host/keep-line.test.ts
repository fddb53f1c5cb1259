import { describe, expect, it } from 'vitest';
import type { WorkflowDocument } from '../../../engine/api/index.ts';
import { ForGood, keepLine, type LineEvents } from '../../../renderer/host/keep-line.ts';
import type { HostState } from '../../../renderer/host.ts';

/** Lines whose other end is the test. */
function lines() {
  const opened: { readonly events: LineEvents; readonly sent: { id: number; method: string; kind: string }[] }[] = [];
  const waits: number[] = [];
  const failures: Error[] = [];
  let release = () => {};
  const parts = {
    openLine: async (events: LineEvents) => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      const sent: (typeof opened)[number]['sent'] = [];
      opened.push({ events, sent });
      return { send: (text: string) => void sent.push(JSON.parse(text)) };
    },
    upload: async () => 'handle',
    release: () => {},
    download: async () => true,
    wait: (ms: number) => {
      waits.push(ms);
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    },
  };
  const last = () => opened.at(-1) as (typeof opened)[number];
  const say = (message: unknown) => last().events.onText(JSON.stringify(message));
  return { parts, opened, waits, failures, last, say, next: () => release() };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const document = (revision: string): WorkflowDocument => ({ path: 'a.json', text: revision, revision });
const changed = (revision: string) => ({
  kind: 'notice',
  notice: { name: 'workflowChanged', document: document(revision) },
});

describe('a line that breaks', () => {
  it('ends the calls on it, is opened again, and carries what was asked meanwhile', async () => {
    const { parts, opened, last, say, next } = lines();
    const host = await keepLine(parts);
    const states: HostState[] = [];
    host.onState((state) => states.push(state));
    expect(host.state.phase).toBe('connected');
    const cut = host.api.datasets();
    opened[0]?.events.onLost('The engine ended.', false);
    await expect(cut).rejects.toMatchObject({ code: 'ENGINE_LOST', message: 'The engine ended.' });
    const meanwhile = host.api.datasets();
    next();
    await settled();
    expect(opened).toHaveLength(2);
    const [call] = last().sent;
    say({ kind: 'answer', id: call?.id, value: [] });
    expect(await meanwhile).toEqual([]);
    expect(states).toEqual([{ phase: 'reconnecting', reason: 'The engine ended.' }, { phase: 'connected' }]);
  });

  it('is tried again at longer and longer waits, and given up at last', async () => {
    const { parts, opened, waits, failures, next } = lines();
    const host = await keepLine(parts);
    failures.push(...Array.from({ length: 20 }, () => new Error('no')));
    opened[0]?.events.onLost('It broke.', false);
    const waiting = expect(host.api.datasets()).rejects.toMatchObject({ code: 'ENGINE_LOST' });
    for (let i = 0; i < 20; i++) {
      next();
      await settled();
    }
    await waiting;
    expect(host.state.phase).toBe('closed');
    expect(waits.slice(0, 5)).toEqual([200, 400, 800, 1600, 3000]);
    expect(waits.length).toBeLessThan(20);
    expect(await host.closed).toContain('cannot be reached');
  });

  it('is given up as well where it opens and breaks each time', async () => {
    const { parts, opened, waits, last, next } = lines();
    const host = await keepLine(parts);
    for (let i = 0; i < 30 && host.state.phase !== 'closed'; i++) {
      last().events.onLost('The engine cannot start.', false);
      next();
      await settled();
    }
    expect(await host.closed).toBe('The engine cannot start. Start Foresend again.');
    expect(waits.slice(0, 3)).toEqual([200, 400, 800]);
    expect(opened.length).toBeLessThan(20);
  });

  it('is not tried again where that is of no use', async () => {
    const { parts, opened, failures, next } = lines();
    const host = await keepLine(parts);
    failures.push(new ForGood('Start it again.'));
    opened[0]?.events.onLost('It broke.', false);
    next();
    expect(await host.closed).toBe('Start it again.');
    await expect(host.api.datasets()).rejects.toMatchObject({ code: 'ENGINE_LOST', message: 'Start it again.' });
    const other = lines();
    const gone = await keepLine(other.parts);
    other.opened[0]?.events.onLost('Foresend was closed.', true);
    expect(gone.state).toEqual({ phase: 'closed', reason: 'Foresend was closed.' });
  });

  it('is not heard any more once it is another', async () => {
    const { parts, opened, next } = lines();
    const host = await keepLine(parts);
    const news: string[] = [];
    host.onWorkflowChanged(({ revision }) => news.push(revision));
    opened[0]?.events.onLost('It broke.', false);
    next();
    await settled();
    opened[0]?.events.onText(JSON.stringify(changed('1')));
    opened[0]?.events.onLost('It broke again.', false);
    expect(news).toEqual([]);
    expect(host.state.phase).toBe('connected');
  });
});

describe('news of the workflow', () => {
  it('are changes by others, each once', async () => {
    const { parts, say } = lines();
    const host = await keepLine(parts);
    const news: string[] = [];
    const stop = host.onWorkflowChanged(({ revision }) => news.push(revision));
    say(changed('1'));
    say(changed('1'));
    say(changed('2'));
    stop();
    say(changed('3'));
    expect(news).toEqual(['1', '2']);
  });

  it('are not what the page itself has read or written, in whatever order that is said', async () => {
    const { parts, last, say } = lines();
    const host = await keepLine(parts);
    const news: string[] = [];
    host.onWorkflowChanged(({ revision }) => news.push(revision));
    const answer = async (asked: Promise<unknown>, revision: string) => {
      say({ kind: 'answer', id: last().sent.at(-1)?.id, value: document(revision) });
      await asked;
    };
    await answer(host.api.openWorkflow(), '1');
    say(changed('1'));
    const saving = host.api.saveWorkflow({ text: '2', revision: '1' });
    say(changed('2'));
    await answer(saving, '2');
    say(changed('2'));
    expect(news).toEqual([]);
    const refused = host.api.saveWorkflow({ text: '4', revision: '2' });
    say(changed('3'));
    const error = { name: 'UserError', code: 'CHANGED_OUTSIDE', message: 'no', issues: [] };
    say({ kind: 'failure', id: last().sent.at(-1)?.id, error });
    await expect(refused).rejects.toMatchObject({ code: 'CHANGED_OUTSIDE' });
    expect(news).toEqual(['3']);
  });
});

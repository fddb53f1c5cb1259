import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Host, HostState } from '../../renderer/start-host.ts';
import { createPageStore, type PageState } from '../../renderer/state/store.ts';
import { StartPage } from '../../renderer/views/start/start-page.tsx';
import { progressShare, progressWords, tookWords } from '../../renderer/views/start/words.ts';

const nothing = async () => {};

function html(state: PageState): string {
  const host = { reportAddress: async () => '/report/2' };
  return renderToStaticMarkup(<StartPage state={state} begin={nothing} stop={nothing} host={host} />);
}

function fakeHost(parts: Partial<Host>): Host {
  return { enter: async () => true, makeReport: nothing, stop: nothing, reportAddress: async () => '', ...parts };
}

describe('the start page', () => {
  it('shows how far the report is, and a way to stop it', () => {
    const progress = { stage: 'replaying the workflow', done: 120_000, total: 182_058, unit: 'events' };
    const page = html({ phase: 'working', progress });
    expect(page).toContain('replaying the workflow');
    expect(page).toContain('120,000 of 182,058 events');
    expect(page).toContain('Cancel');
    expect(html({ phase: 'working', progress: null })).not.toContain(' value=');
  });

  it('shows the report in a frame that shares nothing with the page', () => {
    const page = html({ phase: 'ready', report: '/report/1', tookMs: 1_130 });
    expect(page).toContain('src="/report/1"');
    expect(page).toContain('sandbox="allow-scripts"');
    expect(page).not.toContain('allow-same-origin');
    expect(page).toContain('made in 1.1 s');
    expect(page).toContain('Save report');
  });

  it.each([
    [
      { phase: 'failed', message: 'the workspace <b> is open elsewhere' },
      'the workspace &lt;b&gt; is open elsewhere',
      'Try again',
    ],
    [{ phase: 'stopped' }, 'Nothing was kept', 'Make the report'],
    [{ phase: 'gone' }, 'does not answer', 'Try again'],
    [{ phase: 'refused' }, 'opens nothing', 'npm start'],
  ] as const)('says what happened and what to do: %j', (state, what, wayOut) => {
    expect(html(state)).toContain(what);
    expect(html(state)).toContain(wayOut);
  });

  it('shows nothing it cannot do', () => {
    for (const phase of ['connecting', 'refused', 'gone', 'stopped'] as const) {
      expect(html({ phase })).not.toContain('<nav');
      expect(html({ phase })).not.toContain('Save report');
    }
  });
});

describe('its state', () => {
  it('follows the host from the door to the report', async () => {
    const states: HostState[] = [
      { phase: 'working', progress: null },
      { phase: 'ready', report: '/report/1', tookMs: 3 },
    ];
    const host = fakeHost({ makeReport: async (onState) => states.forEach(onState) });
    const store = createPageStore(host);
    const seen: string[] = [];
    store.subscribe(({ state }) => seen.push(state.phase));
    await store.getState().begin();
    expect(seen).toEqual(['connecting', 'working', 'ready']);
  });

  it('tells a closed door from a backend that is gone', async () => {
    const closed = createPageStore(fakeHost({ enter: async () => false }));
    await closed.getState().begin();
    expect(closed.getState().state.phase).toBe('refused');

    const gone = createPageStore(fakeHost({ enter: () => Promise.reject(new TypeError('network')) }));
    await gone.getState().begin();
    expect(gone.getState().state.phase).toBe('gone');

    const cut = fakeHost({ makeReport: async (onState) => onState({ phase: 'working', progress: null }) });
    const broken = createPageStore(cut);
    await broken.getState().begin();
    expect(broken.getState().state.phase).toBe('gone');
  });

  it('says so where even stopping is not answered', async () => {
    const store = createPageStore(fakeHost({ stop: () => Promise.reject(new TypeError('network')) }));
    await store.getState().stop();
    expect(store.getState().state.phase).toBe('gone');
  });
});

describe('its words', () => {
  it('count what is known', () => {
    expect(progressWords({ stage: '', done: 0, total: null, unit: 'rows' })).toBe('');
    expect(progressWords({ stage: '', done: 1_234_567, total: null, unit: 'rows' })).toBe('1,234,567 rows');
    expect(progressWords({ stage: '', done: 12, total: 10, unit: 'rows' })).toBe('10 of 10 rows');
    expect(progressShare({ stage: '', done: 5, total: 10, unit: '' })).toBe(0.5);
    expect(progressShare({ stage: '', done: 5, total: 0, unit: '' })).toBeNull();
    expect(tookWords(840)).toBe('0.8 s');
    expect(tookWords(9_960)).toBe('10 s');
  });
});

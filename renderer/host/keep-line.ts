// A host over a line that may break: calls cut off by the break reject, calls made meanwhile wait, and the line is opened
// again, at first soon and then less often. What the user's own saves say of the workflow is no news to the page.

import type { WindowApi, WorkflowDocument } from '../../engine/api/index.ts';
import { createCaller, errorFrom, LOST, type Notice } from '../../engine/rpc/index.ts';
import type { Host, HostState } from '../host.ts';

export interface Line {
  send(text: string): void;
}

export interface LineEvents {
  readonly onText: (text: unknown) => void;
  /** @param forGood that no new line can be had */
  readonly onLost: (reason: string, forGood: boolean) => void;
}

/** What kind of failure an opening ends with: another try is of no use. */
export class ForGood extends Error {}

export interface HostParts {
  /** @throws ForGood, or anything else where another try may help */
  readonly openLine: (events: LineEvents) => Promise<Line>;
  readonly upload: Host['upload'];
  readonly release: Host['release'];
  readonly download: Host['download'];
  /** Absent: there is no keychain. */
  readonly keepKey?: NonNullable<Host['keepKey']>;
  /** Resolves after that time. Default: a timer. */
  readonly wait?: (ms: number) => Promise<void>;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 3_000;
/** Waits of about half a minute in all. */
const MOST_TRIES = 14;
const GIVEN_UP = 'Foresend cannot be reached any more. Start it again, and open the address it prints.';

/** Resolves with the first line. @throws what the first opening throws */
export async function keepLine(parts: HostParts): Promise<Host> {
  const wait = parts.wait ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const listeners = new Set<(state: HostState) => void>();
  const news = createNews();
  let state: HostState = { phase: 'reconnecting', reason: 'Connecting.' };
  let line: Line | null = null;
  let waiting: string[] = [];
  /** Lines in a row over which nothing came. */
  let fruitless = 0;
  let resolveClosed = (_: string) => {};
  const closed = new Promise<string>((resolve) => {
    resolveClosed = resolve;
  });

  const become = (next: HostState) => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  const caller = createCaller(
    (text) => {
      if (state.phase === 'closed') throw lost(state.reason);
      if (line === null) waiting.push(text);
      else line.send(text);
    },
    (notice) => news.hear(notice),
  );
  const end = (reason: string) => {
    line = null;
    waiting = [];
    become({ phase: 'closed', reason });
    caller.fail(lost(reason));
    resolveClosed(reason);
  };

  const open = async () => {
    // What comes of a line that is no longer ours is not heard.
    let isCurrent = true;
    const opened = await parts.openLine({
      onText: (text) => {
        if (!isCurrent) return;
        fruitless = 0;
        caller.receive(text);
      },
      onLost: (reason, forGood) => {
        if (!isCurrent) return;
        isCurrent = false;
        line = null;
        if (forGood) return end(reason);
        caller.fail(lost(reason));
        fruitless++;
        become({ phase: 'reconnecting', reason });
        void reopen(reason);
      },
    });
    if (!isCurrent) return;
    line = opened;
    become({ phase: 'connected' });
    for (const text of waiting.splice(0)) opened.send(text);
  };

  /** A line that opens and breaks at once, again and again, counts as one that cannot be opened. */
  const reopen = async (reason: string) => {
    for (let tries = fruitless - 1; tries < MOST_TRIES; tries++) {
      await wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, tries)));
      try {
        return await open();
      } catch (error) {
        if (error instanceof ForGood) return end(error.message);
      }
    }
    end(fruitless > MOST_TRIES ? `${reason} Start Foresend again.` : GIVEN_UP);
  };

  await open();
  return {
    api: news.watchSaves(caller.api),
    upload: parts.upload,
    release: parts.release,
    download: parts.download,
    keepKey: parts.keepKey ?? null,
    onWorkflowChanged: news.subscribe,
    get state() {
      return state;
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    closed,
  };
}

function lost(reason: string): Error {
  return errorFrom({ name: 'Error', code: LOST, message: reason, issues: [] });
}

/** Tells changes by others from our own. A notice may arrive before the answer of the save that caused it. */
function createNews() {
  const listeners = new Set<(document: WorkflowDocument) => void>();
  let known: string | null = null;
  let saving = 0;
  const held: Notice[] = [];

  const hear = (notice: Notice) => {
    if (saving > 0) {
      held.push(notice);
      return;
    }
    if (notice.document.revision === known) return;
    known = notice.document.revision;
    for (const listener of listeners) listener(notice.document);
  };
  const learn = (document: WorkflowDocument) => {
    known = document.revision;
    return document;
  };

  return {
    hear,
    subscribe(listener: (document: WorkflowDocument) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watchSaves(api: WindowApi): WindowApi {
      return {
        ...api,
        openWorkflow: async () => learn(await api.openWorkflow()),
        async saveWorkflow(request) {
          saving++;
          try {
            return learn(await api.saveWorkflow(request));
          } finally {
            saving--;
            if (saving === 0) for (const notice of held.splice(0)) hear(notice);
          }
        },
      };
    },
  };
}

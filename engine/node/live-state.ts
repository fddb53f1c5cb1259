// The state of a decider as a file: JSON lines, the first the head, then a line for each person, so that it is written
// and read without ever being one text. It appears whole under its name, or stays what it was.

import { closeSync, createReadStream, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { UserError } from '../base/index.ts';
import type { LiveState } from '../replay/index.ts';
import { fileError } from './files.ts';
import type { IdentityTrace } from './import/trace.ts';
import { withoutLinks } from './live-identity.ts';

const FLUSH_CHARACTERS = 1 << 20;

interface Head extends Omit<LiveState, 'persons'> {
  readonly foresend: 'decide state';
  readonly nPersons: number;
  /** Absent where it was stored before links were kept. */
  readonly identity?: IdentityTrace;
}

/** A state and who is who in it. */
export interface StoredLive {
  readonly state: LiveState;
  readonly identity: IdentityTrace;
}

/** @throws UserError where the file cannot be read, or is no such state or only a part of one */
export async function readLiveState(path: string): Promise<StoredLive> {
  let head: Head | null = null;
  const persons: LiveState['persons'][number][] = [];
  let line = 0;
  const stream = createReadStream(path);
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++;
      const parsed = parse(text, path, line);
      if (head === null) {
        if ((parsed as Partial<Head> | null)?.foresend !== 'decide state') throw noState(path);
        head = parsed as Head;
      } else persons.push(parsed as LiveState['persons'][number]);
    }
  } catch (error) {
    throw error instanceof UserError ? error : fileError(error, path);
  } finally {
    stream.destroy();
  }
  if (head === null) throw noState(path);
  if (persons.length !== head.nPersons) {
    throw new UserError(
      'STATE_CUT',
      `${path} holds ${persons.length} of ${head.nPersons} people: it was cut off. Use a copy of it, or begin with a new state.`,
    );
  }
  const { version, workflows, facts, clock } = head;
  const state = { version, workflows, facts, clock, persons };
  return { state, identity: head.identity ?? withoutLinks(state) };
}

/** Written beside; `commit` puts it in place. */
export interface StagedState {
  commit(): void;
  abandon(): void;
}

/** @throws UserError where it cannot be written */
export function stageLiveState(path: string, { state, identity }: StoredLive): StagedState {
  const partial = `${path}.partial`;
  try {
    const fd = openSync(partial, 'w');
    try {
      const { persons, ...rest } = state;
      let held = `${JSON.stringify({ foresend: 'decide state', nPersons: persons.length, ...rest, identity })}\n`;
      const flush = () => {
        const bytes = Buffer.from(held);
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
        held = '';
      };
      for (const person of persons) {
        held += `${JSON.stringify(person)}\n`;
        if (held.length > FLUSH_CHARACTERS) flush();
      }
      flush();
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    rmSync(partial, { force: true });
    throw fileError(error, path);
  }
  return {
    commit() {
      try {
        renameSync(partial, path);
      } catch (error) {
        throw fileError(error, path);
      }
    },
    abandon() {
      rmSync(partial, { force: true });
    },
  };
}

function parse(text: string, path: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (line === 1) throw noState(path);
    throw new UserError(
      'STATE_CUT',
      `${path}:${line} cannot be read: the state is damaged. Use a copy of it, or begin with a new state.`,
    );
  }
}

function noState(path: string): UserError {
  return new UserError(
    'NO_STATE',
    `${path} is no state that \`foresend decide\` wrote; name another file with --state.`,
  );
}

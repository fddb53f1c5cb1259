// The undo history as it is kept in the workspace between two visits: each text once, the last edits only, nothing that
// could not be undone any more. What is read back is never taken on trust: a history of other contents than the file has
// is joined to it by one more edit, and one that cannot be understood is none.

import type { KeptEdits, WorkflowDocument } from '../../engine/api/index.ts';
import type { ProgrammeFiles } from '../../engine/workflow/index.ts';
import { withEdit } from './history.ts';
import type { DataMove, Edit, FileMove, OpenScenario, Snapshot, WorkflowSlice } from './types.ts';

const VERSION = 1;
const MOST_EDITS = 200;
/** Of the packed JSON; the oldest edits go first. */
const MOST_CHARACTERS = 800_000;

/** Of a snapshot, as places in `texts`: file, response, test, and the scenario where one is open. */
type At = readonly [text: number, response: number, test: number, scenario?: number];

interface PackedEdit {
  readonly label: string;
  readonly key: string | null;
  readonly before: At;
  readonly after: At;
  readonly move?: DataMove;
  readonly file?: FileMove;
  /** Places in `texts`. */
  readonly programme?: readonly [before: number, after: number];
}

interface Packed {
  readonly version: number;
  /** Name of the workflow file. */
  readonly name: string;
  /** Of the file on disk when these edits were made. */
  readonly revision: string;
  readonly now: At;
  readonly past: readonly PackedEdit[];
  readonly future: readonly PackedEdit[];
  readonly texts: readonly string[];
}

/** What `keepEdits` takes; null where no file is open. */
export function packEdits(
  slice: WorkflowSlice,
): { readonly packed: object; readonly wanted: readonly string[] } | null {
  if (slice.path === null) return null;
  let past = slice.past.slice(-MOST_EDITS);
  let future = slice.future.slice(0, MOST_EDITS);
  for (;;) {
    const packed = packTexts(slice, slice.path, past, future);
    if (JSON.stringify(packed).length <= MOST_CHARACTERS || past.length + future.length === 0) {
      const moves = [...past, ...future].flatMap(({ move }) => (move === undefined ? [] : [move.before, move.after]));
      return { packed, wanted: [...new Set(moves.filter((one) => one !== null))] };
    }
    if (past.length > 0) past = past.slice(Math.ceil(past.length / 4));
    else future = future.slice(0, Math.floor((future.length * 3) / 4));
  }
}

/**
 * The slice with the file as it is on disk and the history that was kept with it.
 * @returns `isUnsaved`: the last edit had not reached the file, and has to be saved; `isChanged`: the file holds what
 * none of these edits put there, which is now the last of them
 */
export function withKept(
  slice: WorkflowSlice,
  document: WorkflowDocument,
  kept: KeptEdits | null,
): { readonly slice: WorkflowSlice; readonly isUnsaved: boolean; readonly isChanged: boolean } {
  const { path, text, revision } = document;
  const opened: WorkflowSlice = { ...slice, path, text, revision, past: [], future: [], save: { is: 'saved' } };
  const found = kept === null ? null : unpack(kept, path);
  if (found === null) return { slice: opened, isUnsaved: false, isChanged: false };
  const { now, past, future } = found;
  const scenario = now.scenario ?? null;
  const before: WorkflowSlice = { ...opened, ...now, scenario, past, future };
  // Under a scenario the file is what that stands over; what was last edited may not have reached the workspace.
  if (scenario?.base === text) return { slice: before, isUnsaved: true, isChanged: false };
  if (scenario === null && now.text === text) return { slice: before, isUnsaved: false, isChanged: false };
  if (scenario === null && found.revision === revision) return { slice: before, isUnsaved: true, isChanged: false };
  const label = 'take over the change made elsewhere';
  return { slice: withEdit(before, { text, scenario: null }, label, null), isUnsaved: false, isChanged: true };
}

function packTexts(slice: WorkflowSlice, path: string, past: readonly Edit[], future: readonly Edit[]): Packed {
  const places = new Map<string, number>();
  const place = (text: string): number => {
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, places.size);
    return places.size - 1;
  };
  const at = ({ text, response, test, scenario }: Snapshot): At => {
    const own = [place(text), place(JSON.stringify(response ?? null)), place(JSON.stringify(test))] as const;
    return scenario == null ? own : [...own, place(JSON.stringify(scenario))];
  };
  const one = ({ label, key, before, after, move, file, programme }: Edit): PackedEdit => ({
    label,
    key,
    before: at(before),
    after: at(after),
    ...(move === undefined ? {} : { move }),
    ...(file === undefined ? {} : { file }),
    ...(programme === undefined
      ? {}
      : { programme: [place(JSON.stringify(programme.before)), place(JSON.stringify(programme.after))] }),
  });
  return {
    version: VERSION,
    name: nameOf(path),
    revision: slice.revision,
    now: at(slice),
    past: past.map(one),
    future: future.map(one),
    texts: [...places.keys()],
  };
}

interface Unpacked {
  readonly revision: string;
  readonly now: Snapshot;
  readonly past: readonly Edit[];
  readonly future: readonly Edit[];
}

/** Null for what is of another file, or of another version of this program. */
function unpack({ packed, aside }: KeptEdits, path: string): Unpacked | null {
  const { version, name, revision, now, past, future, texts } = packed as Partial<Packed>;
  if (version !== VERSION || name !== nameOf(path) || revision === undefined || now === undefined) return null;
  if (past === undefined || future === undefined || texts === undefined) return null;
  const text = (at: number): string => {
    const found = texts[at];
    if (found === undefined) throw new RangeError(`no text ${at}`);
    return found;
  };
  const snapshot = ([file, response, test, scenario]: At): Snapshot => ({
    text: text(file),
    response: JSON.parse(text(response)) as unknown,
    test: JSON.parse(text(test)) as Snapshot['test'],
    ...(scenario === undefined ? {} : { scenario: JSON.parse(text(scenario)) as OpenScenario }),
  });
  const one = ({ label, before, after, move, file, programme }: PackedEdit): Edit => ({
    label,
    // What is done from now on is an edit of its own.
    key: null,
    before: snapshot(before),
    after: snapshot(after),
    ...(move === undefined ? {} : { move }),
    ...(file === undefined ? {} : { file }),
    ...(programme === undefined
      ? {}
      : {
          programme: {
            before: JSON.parse(text(programme[0])) as ProgrammeFiles | null,
            after: JSON.parse(text(programme[1])) as ProgrammeFiles | null,
          },
        }),
  });
  const isAside = (name: string, fingerprint: string | null) =>
    fingerprint === null || aside.some((there) => there.name === name && there.fingerprint === fingerprint);
  try {
    return {
      revision,
      now: snapshot(now),
      past: past.filter(({ move }) => move === undefined || isAside(move.name, move.before)).map(one),
      future: future.filter(({ move }) => move === undefined || isAside(move.name, move.after)).map(one),
    };
  } catch {
    return null;
  }
}

function nameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

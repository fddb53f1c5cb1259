// The workflow files a window can hold: the one beside the workspace, others in its folder, and flows that were pulled,
// each edited in its own file. One is open; which one is noted in the workspace. A page names them by ids that are
// looked up here, never by a path.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { WorkflowChoice, WorkflowDocument } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import { readText } from '../files.ts';
import { WorkflowOnDisk } from './workflow-document.ts';

export interface ShelfPlace {
  readonly workspace: string;
  /** The workflow that is there from the beginning. */
  readonly firstPath: string;
  /** Copied where there is no first one yet. */
  readonly template: string;
  /** The id noted last; null: none. */
  readonly noted: () => unknown;
  readonly note: (id: string) => void;
}

const MOST_FILES = 200;
/** Of a file that is looked into, in bytes; workflows are small. */
const LARGEST = 200_000;

export class WorkflowShelf {
  /** Where flows that were pulled are written. */
  readonly flowsFolder: string;
  readonly #place: ShelfPlace;
  readonly #opened = new Map<string, WorkflowOnDisk>();
  #open: string | null = null;
  #watcher: { onChange: (document: WorkflowDocument) => void; stop: () => void } | null = null;

  constructor(place: ShelfPlace) {
    this.#place = place;
    this.flowsFolder = `${place.workspace}.flows`;
  }

  /** Of the workflow that is open, by which it is known in this folder. */
  get openId(): string {
    return this.#currentId();
  }

  get current(): WorkflowOnDisk {
    return this.#onDisk(this.#pathOf(this.#currentId()));
  }

  /** The first of all, the one that is open among them; then by name. */
  list(): Omit<WorkflowChoice, 'demo'>[] {
    const open = this.#currentId();
    const first = this.#idOf(this.#place.firstPath);
    const choices = this.#paths().flatMap(({ path, isFlow }) => {
      const id = this.#idOf(path);
      const name = nameIn(path);
      if (name === null && id !== first && id !== open) return [];
      return [{ id, name: name ?? id, file: id, isPulled: isFlow, isOpen: id === open }];
    });
    return choices.sort((a, b) => Number(b.id === first) - Number(a.id === first) || (a.name < b.name ? -1 : 1));
  }

  /** @throws UserError where there is no such workflow, or it cannot be read */
  choose(id: string): WorkflowDocument {
    if (!this.list().some((choice) => choice.id === id)) {
      throw new UserError('NO_WORKFLOW', `There is no workflow file "${id}" here any more.`);
    }
    const document = this.#onDisk(this.#pathOf(id)).open();
    this.#open = id;
    this.#place.note(id);
    if (this.#watcher !== null) {
      this.#watcher.stop();
      this.#watcher = { ...this.#watcher, stop: this.current.watch(this.#watcher.onChange) };
    }
    return document;
  }

  /** @param path of a file on the shelf */
  choosePath(path: string): WorkflowDocument {
    return this.choose(this.#idOf(path));
  }

  /** Whichever is open. @returns stops watching */
  watch(onChange: (document: WorkflowDocument) => void): () => void {
    this.#watcher = { onChange, stop: this.current.watch(onChange) };
    return () => {
      this.#watcher?.stop();
      this.#watcher = null;
    };
  }

  #currentId(): string {
    if (this.#open !== null) return this.#open;
    const noted = this.#place.noted();
    const isThere =
      typeof noted === 'string' && this.#paths().some(({ path }) => this.#idOf(path) === noted && existsSync(path));
    this.#open = isThere ? (noted as string) : this.#idOf(this.#place.firstPath);
    return this.#open;
  }

  #onDisk(path: string): WorkflowOnDisk {
    let known = this.#opened.get(path);
    if (known === undefined) this.#opened.set(path, (known = new WorkflowOnDisk(path, this.#place.template)));
    return known;
  }

  #paths(): { readonly path: string; readonly isFlow: boolean }[] {
    const { firstPath, workspace } = this.#place;
    const beside = filesIn(dirname(resolve(workspace))).filter((path) => path !== resolve(firstPath));
    const flows = filesIn(resolve(this.flowsFolder));
    return [
      { path: resolve(firstPath), isFlow: false },
      ...beside.map((path) => ({ path, isFlow: false })),
      ...flows.map((path) => ({ path, isFlow: true })),
    ];
  }

  #idOf(path: string): string {
    return relative(this.#folder, resolve(path)).split(sep).join('/');
  }

  #pathOf(id: string): string {
    return join(this.#folder, id);
  }

  get #folder(): string {
    return dirname(resolve(this.#place.workspace));
  }
}

/** Files that may be workflows, at most so many. */
function filesIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.json') && !/\.(flow|klaviyo|klaviyo-by-hand|plan)\.json$/.test(name))
    .sort()
    .slice(0, MOST_FILES)
    .map((name) => join(folder, name));
}

/** Of a file that says it is a workflow; null for any other. */
function nameIn(path: string): string | null {
  try {
    if (statSync(path).size > LARGEST) return null;
    const file: unknown = JSON.parse(readText(path));
    if (typeof file !== 'object' || file === null || !('foresend' in file) || !('trigger' in file)) return null;
    const { name, id } = file as { readonly name?: unknown; readonly id?: unknown };
    const said = typeof name === 'string' && name !== '' ? name : id;
    return typeof said === 'string' && said !== '' ? said : null;
  } catch {
    return null;
  }
}

// The workflow file that is edited in place. Its revision is a hash of its bytes, so that whoever changes it is noticed,
// and nobody's change is written over unseen.

import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { WorkflowDocument } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import { fileError } from '../files.ts';
import { unfinished } from '../unfinished.ts';

const WATCH_MS = 500;

export class WorkflowOnDisk {
  readonly #path: string;
  readonly #template: string;
  /** The revision last read or written here. */
  #known: string | null = null;

  /** @param template copied where there is no file yet */
  constructor(path: string, template: string) {
    this.#path = path;
    this.#template = template;
  }

  ensure(): void {
    if (existsSync(this.#path)) return;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      copyFileSync(this.#template, this.#path);
    } catch (error) {
      throw fileError(error, this.#path);
    }
  }

  get isThere(): boolean {
    return existsSync(this.#path);
  }

  open(): WorkflowDocument {
    this.ensure();
    return this.#remember(this.#read());
  }

  /** The file is never half written: it grows beside, and takes the other's place. */
  save(text: string, revision: string): WorkflowDocument {
    if (existsSync(this.#path) && revisionOf(this.#read()) !== revision) {
      throw new UserError(
        'CHANGED_OUTSIDE',
        `${this.#path} was changed by another program; it was not written over. Read it again, or undo the other change.`,
      );
    }
    const partial = unfinished(this.#path);
    try {
      writeFileSync(partial, text);
      renameSync(partial, this.#path);
    } catch (error) {
      rmSync(partial, { force: true });
      throw fileError(error, this.#path);
    }
    return this.#remember(Buffer.from(text, 'utf8'));
  }

  /**
   * Looks twice a second. What others write is told once it has stood still from one look to the next and is not empty:
   * many programs empty a file before they write it, and half of it is no workflow.
   * @param onChange with what was written by somebody else
   * @returns stops looking
   */
  watch(onChange: (document: WorkflowDocument) => void): () => void {
    let told = '';
    let last = '';
    const timer = setInterval(() => {
      try {
        const { mtimeMs, size } = statSync(this.#path);
        const now = `${mtimeMs} ${size}`;
        const isStill = now === last;
        last = now;
        if (!isStill || size === 0 || now === told) return;
        const bytes = this.#read();
        if (bytes.length !== size) return;
        const isNews = this.#known !== null && revisionOf(bytes) !== this.#known;
        told = now;
        if (isNews) onChange(this.#remember(bytes));
      } catch {
        // Gone for the moment, as while an editor replaces it: the next look sees the new one.
      }
    }, WATCH_MS);
    timer.unref();
    return () => clearInterval(timer);
  }

  #read(): Buffer {
    try {
      return readFileSync(this.#path);
    } catch (error) {
      throw fileError(error, this.#path);
    }
  }

  #remember(bytes: Buffer): WorkflowDocument {
    const revision = revisionOf(bytes);
    this.#known = revision;
    return { path: this.#path, text: bytes.toString('utf8'), revision };
  }
}

function revisionOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

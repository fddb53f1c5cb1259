// What the window asks of a programme: what it can put together, and the one that was
// looked at last, which is kept in the workspace.

import { dirname, join } from 'node:path';
import type {
  CallOptions,
  ExportAnswer,
  ProgrammeApi,
  ProgrammePeopleRequest,
  ProgrammeShelf,
} from '../../api/index.ts';
import { fileKind, type ProgrammeFiles } from '../../workflow/index.ts';
import { projectRoot } from '../report-assets.ts';
import { PullBackend, type PullBackendOptions } from './window-pull.ts';

const PROGRAMME = 'programme';

export abstract class ProgrammeBackend extends PullBackend implements ProgrammeApi {
  readonly #exports: string;

  constructor(options: PullBackendOptions) {
    super(options);
    this.#exports = options.exports;
  }

  /** As the user knows a handle's file. */
  protected abstract nameOf(handle: string): string;

  async programmeShelf(): Promise<ProgrammeShelf> {
    const { programmeShelf } = await import('./programme-shelf.ts');
    const folders = [dirname(this.path), this.shelf.flowsFolder];
    return programmeShelf(this.shelf.current.open().path, folders, join(projectRoot(), 'fixtures', 'workflows'));
  }

  async openProgramme({ files }: { readonly files: readonly string[] }): Promise<ProgrammeFiles> {
    const { programmeAmong } = await import('./programme-shelf.ts');
    const shelf = await this.programmeShelf();
    return this.withFiles(files, async (paths) =>
      programmeAmong(
        paths.map((path, i) => ({ path, name: this.nameOf(files[i] as string) })),
        shelf,
      ),
    );
  }

  async keptProgramme(): Promise<ProgrammeFiles | null> {
    if (!this.exists()) return null;
    return (this.read((workspace) => workspace.note(PROGRAMME)) ?? null) as ProgrammeFiles | null;
  }

  async keepProgramme({ programme }: { readonly programme: ProgrammeFiles | null }): Promise<void> {
    this.write((workspace) => workspace.setNote(PROGRAMME, programme));
  }

  async programmeFile({ programme }: { readonly programme: ProgrammeFiles }): Promise<ExportAnswer> {
    const { exportText } = await import('./export-file.ts');
    const { file } = programme;
    const id = fileKind(file) === 'programme' ? String(file['programme']) : PROGRAMME;
    const name = id.replaceAll(/[^a-zA-Z0-9-]+/g, '-').replaceAll(/^-+|-+$/g, '');
    return exportText(
      this.#exports,
      `${name === '' ? PROGRAMME : name}.json`,
      'application/json',
      `${JSON.stringify(file, null, 2)}\n`,
    );
  }

  async programmePeopleFile(request: ProgrammePeopleRequest, options: CallOptions = {}): Promise<ExportAnswer> {
    const { programmePeopleFile } = await import('./window-people.ts');
    const asked = await this.programmeQuestion(request, options);
    return programmePeopleFile(this.#exports, request, asked, options);
  }
}

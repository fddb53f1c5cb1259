// A workspace, its engine, and the host's folder, put together.

import { createHostFiles, type HostFiles } from '../hosts/host-files.ts';
import { forkEngine } from './fork.ts';
import { type EngineChild, type EngineLink, startEngine } from './link.ts';

export interface WorkspaceEngine {
  readonly engine: EngineLink;
  readonly files: HostFiles;
}

export interface WorkspaceEngineOptions {
  /** Given the folder for the engine's passing needs. Default: a child of Node. */
  readonly startChild?: (temporary: string) => EngineChild;
  readonly demoPersons?: number;
  /** Of email services, as they are kept; asked at every start of the engine. */
  readonly keys?: () => Readonly<Record<string, string>>;
}

export function openWorkspaceEngine(workspace: string, options: WorkspaceEngineOptions = {}): WorkspaceEngine {
  const { startChild = forkEngine, keys, ...rest } = options;
  const files = createHostFiles();
  const settings = { workspace, exports: files.exports, ...rest };
  return { files, engine: startEngine(() => startChild(files.temporary), settings, keys) };
}

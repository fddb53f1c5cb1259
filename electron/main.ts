// The desktop program: the engine in a process of its own, one window onto it, and this between them, out of the way.

import { join } from 'node:path';
import { app, protocol, safeStorage } from 'electron';
import { answerPages } from './desktop-lines.ts';
import { utilityEngine } from './engine/utility.ts';
import { openWorkspaceEngine, type WorkspaceEngine } from './engine/workspace-engine.ts';
import { readPageFiles } from './hosts/page-files.ts';
import { Keychain } from './keychain.ts';
import { answerPage, SCHEME } from './protocol.ts';
import { openWindow } from './window.ts';

/** Set by `start.ts`, which has resolved and checked them. */
export interface MainSettings {
  readonly root: string;
  readonly workspace: string;
}

/** Has to be called before the program is ready: schemes are known from the start or never. */
export async function runMain({ root, workspace }: MainSettings): Promise<WorkspaceEngine> {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  await app.whenReady();
  const pages = readPageFiles(join(root, 'out', 'renderer'));
  protocol.handle(SCHEME, (request) => answerPage(pages, request));
  const keychain = new Keychain(join(app.getPath('userData'), 'keys.json'), safeStorage);
  const opened = openWorkspaceEngine(workspace, {
    keys: () => keychain.all(),
    startChild: (temporary) => utilityEngine(join(import.meta.dirname, 'engine-process.js'), temporary),
  });
  answerPages(opened, keychain);
  app.on('window-all-closed', () => {
    void opened.engine.close().then(() => {
      opened.files.close();
      app.quit();
    });
  });
  openWindow(join(import.meta.dirname, 'preload.cjs'));
  return opened;
}

const settings = process.env['FORESEND_MAIN'];
if (settings !== undefined) {
  runMain(JSON.parse(settings) as MainSettings).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    app.exit(1);
  });
}

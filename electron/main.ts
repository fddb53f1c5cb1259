// The desktop program: the same host as in the browser, in this process, and one window onto it.

import { join } from 'node:path';
import { app } from 'electron';
import { demoMaker } from './demo.ts';
import { type LoopbackHost, startLoopback } from './hosts/loopback.ts';
import { openWindow } from './window.ts';

/** Set by `start.ts`, which has resolved and checked them. */
export interface MainSettings {
  readonly root: string;
  readonly workspace: string;
  readonly port: number;
}

export async function runMain(settings: MainSettings): Promise<LoopbackHost> {
  await app.whenReady();
  const host = await startLoopback({
    makeDemo: demoMaker(settings.workspace),
    pageFolder: join(settings.root, 'out', 'renderer'),
    port: settings.port,
  });
  app.on('window-all-closed', () => {
    void host.close().then(() => app.quit());
  });
  openWindow(host.url);
  return host;
}

const settings = process.env['FORESEND_MAIN'];
if (settings !== undefined) {
  runMain(JSON.parse(settings) as MainSettings).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    app.exit(1);
  });
}

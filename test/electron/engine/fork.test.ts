import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endingWords, forkEngine } from '../../../electron/engine/fork.ts';
import type { FromProcess } from '../../../electron/engine/messages.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-fork-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function child(body: string) {
  const script = join(folder, `${Math.random()}.mjs`);
  writeFileSync(script, body);
  return forkEngine(folder, pathToFileURL(script));
}

const ending = (body: string) => new Promise<string>((resolve) => child(body).onEnd(resolve));

it('carries messages both ways, and keeps what is temporary where it is told to', async () => {
  const one = child(
    `process.on('message', (m) => process.send({ kind: 'filed', handle: m.kind + process.env.TMPDIR }));`,
  );
  const heard = new Promise<FromProcess>((resolve) => one.onMessage(resolve));
  one.send({ kind: 'stop' });
  expect(await heard).toEqual({ kind: 'filed', handle: `stop${folder}` });
  const ended = new Promise<string>((resolve) => one.onEnd(resolve));
  one.kill();
  expect(await ended).toBe("The engine's process ended by SIGKILL.");
  one.send({ kind: 'stop' });
});

it('says how a process ended, in the words of what went wrong', async () => {
  expect(await ending(`console.error('out of memory'); process.exit(7);`)).toBe(
    "The engine's process ended with status 7. It last said: out of memory",
  );
  expect(await ending(`setTimeout(() => { throw new TypeError('x is not a function'); });`)).toBe(
    "The engine's process ended with status 1. It last said: TypeError: x is not a function",
  );
  expect(await ending(`import './nowhere.mjs';`)).toContain('It last said: Error [ERR_MODULE_NOT_FOUND]');
  expect(endingWords(0, null, '\n')).toBe("The engine's process ended with status 0.");
});

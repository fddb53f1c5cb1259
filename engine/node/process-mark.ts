// Who did something, so that it can be asked later whether they still run: a machine, a process number, and the moment
// the process began, because numbers are given away again. Where the system does not tell that moment, the number has to
// do. Of another machine nothing can be known: what it does counts as going on.

import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { crc32 } from 'node:zlib';

const MACHINE = crc32(hostname()).toString(16);

/** Of this process, its threads included: letters, digits and hyphens. */
export function processMark(): string {
  return markOf(process.pid);
}

export function isRunning(mark: string): boolean {
  const [machine, number] = mark.split('-');
  if (machine !== MACHINE) return true;
  const pid = Number(number);
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of somebody else's may not be signalled, and is there.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return markOf(pid) === mark;
}

function markOf(pid: number): string {
  let began = '';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A process that was ended and that nobody has asked after yet still has an entry.
    began = state === 'Z' || state === 'X' ? 'ended' : (rest[18] ?? '');
  } catch {
    // Not on this system.
  }
  return `${MACHINE}-${pid}-${began}`;
}

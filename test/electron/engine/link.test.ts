import { describe, expect, it } from 'vitest';
import { type EngineChild, type LineEvents, startEngine } from '../../../electron/engine/link.ts';
import type { FromProcess, ToProcess } from '../../../electron/engine/messages.ts';

/** Processes that are only heard and spoken for. */
function link() {
  const children: {
    readonly sent: ToProcess[];
    say(message: FromProcess): void;
    end(how: string): void;
    killed: boolean;
  }[] = [];
  const startChild = (): EngineChild => {
    let say = (_: FromProcess) => {};
    let end = (_: string) => {};
    const one = {
      sent: [] as ToProcess[],
      say: (message: FromProcess) => say(message),
      end: (how: string) => end(how),
      killed: false,
    };
    children.push(one);
    return {
      send: (message) => void one.sent.push(message),
      onMessage: (listener) => {
        say = listener;
      },
      onEnd: (listener) => {
        end = listener;
      },
      kill: () => {
        one.killed = true;
        one.end('killed');
      },
    };
  };
  const engine = startEngine(startChild, { workspace: 'a.foresend', exports: 'exports' });
  const at = (i: number) => children[i] as (typeof children)[number];
  return { engine, children, at };
}

const file = { path: '/a/b.csv', name: 'b.csv' };

describe('the link to the engine', () => {
  it('starts a process at once, and carries texts of each line to it and back', () => {
    const { engine, at } = link();
    expect(at(0).sent).toEqual([
      { kind: 'start', settings: { workspace: 'a.foresend', exports: 'exports', fresh: true } },
    ]);
    const heard: string[] = [];
    const events = (name: string): LineEvents => ({
      onText: (text) => heard.push(`${name} ${text}`),
      onLost: () => {},
    });
    const first = engine.open(events('first'));
    const second = engine.open(events('second'));
    first.send('a');
    second.send('b');
    expect(at(0).sent.slice(-2)).toEqual([
      { kind: 'text', line: 1, text: 'a' },
      { kind: 'text', line: 2, text: 'b' },
    ]);
    at(0).say({ kind: 'text', line: 2, text: 'c' });
    first.close();
    at(0).say({ kind: 'text', line: 1, text: 'too late' });
    expect(heard).toEqual(['second c']);
    first.send('too late');
    expect(at(0).sent.at(-1)).toEqual({ kind: 'close', line: 1 });
  });

  it('tells a line that it broke the rules, once', () => {
    const { engine, at } = link();
    let told = 0;
    engine.open({ onViolation: () => told++, onLost: () => {} });
    at(0).say({ kind: 'violation', line: 1 });
    at(0).say({ kind: 'violation', line: 1 });
    expect(told).toBe(1);
  });

  it('tells all lines when the process has ended, and starts another for the next, which knows the files', async () => {
    const { engine, children, at } = link();
    const lost: string[] = [];
    const line = engine.open({ onLost: (how) => lost.push(how) });
    engine.open({ onLost: (how) => lost.push(how) });
    const adding = engine.addFile(file);
    at(0).end('It ended.');
    expect(lost).toEqual(['It ended.', 'It ended.']);
    const handle = await adding;
    expect(children).toHaveLength(1);
    line.send('nobody hears this');
    engine.open({ onLost: () => {} });
    expect(at(1).sent).toEqual([
      { kind: 'start', settings: { workspace: 'a.foresend', exports: 'exports', fresh: false } },
      { kind: 'file', handle, file },
      { kind: 'open', line: 3 },
    ]);
  });

  it('gives a handle when the engine knows the file', async () => {
    const { engine, at } = link();
    let handle: string | null = null;
    const adding = engine.addFile(file).then((given) => {
      handle = given;
    });
    await Promise.resolve();
    expect(handle).toBeNull();
    const message = at(0).sent.at(-1) as ToProcess & { kind: 'file' };
    at(0).say({ kind: 'filed', handle: message.handle });
    await adding;
    expect(handle).toBe(message.handle);
  });

  it('forgets a file, also for the process that comes after', async () => {
    const { engine, at } = link();
    const adding = engine.addFile(file);
    const { handle } = at(0).sent.at(-1) as ToProcess & { kind: 'file' };
    at(0).say({ kind: 'filed', handle });
    await adding;
    expect(engine.forgetFile(handle)).toEqual(file);
    expect(at(0).sent.at(-1)).toEqual({ kind: 'forget', handle });
    expect(engine.forgetFile(handle)).toBeNull();
    at(0).end('It ended.');
    engine.open({ onLost: () => {} });
    expect(at(1).sent.map(({ kind }) => kind)).toEqual(['start', 'open']);
  });

  it('ends with the process, and starts none any more', async () => {
    const { engine, children, at } = link();
    const closing = engine.close();
    expect(at(0).sent.at(-1)).toEqual({ kind: 'stop' });
    at(0).end('as told');
    await closing;
    const lost = await new Promise((resolve) => engine.open({ onLost: resolve }));
    expect(lost).toBe('Foresend is being closed.');
    expect(children).toHaveLength(1);
    await engine.close();
  });

  it('does not wait for ever for a process that does not end', async () => {
    const { engine, at } = link();
    await engine.close();
    expect(at(0).killed).toBe(true);
  });
});

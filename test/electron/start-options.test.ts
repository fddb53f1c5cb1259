import { describe, expect, it } from 'vitest';
import { parseStartOptions } from '../../electron/start-options.ts';
import { UserError } from '../../engine/base/index.ts';

describe('what can be said after npm start', () => {
  it('is nothing, or any of the options', () => {
    expect(parseStartOptions([])).toEqual({ surface: null, workspace: null, port: 0, open: true, help: false });
    expect(parseStartOptions(['--web', '--workspace', 'a.foresend', '--port', '8080', '--no-open'])).toEqual({
      surface: 'web',
      workspace: 'a.foresend',
      port: 8080,
      open: false,
      help: false,
    });
    expect(parseStartOptions(['--desktop']).surface).toBe('desktop');
    expect(parseStartOptions(['-h']).help).toBe(true);
  });

  it.each([
    [['--wbe'], '--wbe'],
    [['extra'], 'extra'],
    [['--port'], '--port'],
    [['--port', 'x'], 'got "x"'],
    [['--port', '65536'], 'got "65536"'],
    [['--port', '80.5'], 'got "80.5"'],
    [['--web', '--desktop'], 'exclude each other'],
  ])('refuses %j and shows how it goes', (args, words) => {
    let error: unknown;
    try {
      parseStartOptions(args);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).code).toBe('USAGE');
    expect((error as UserError).message).toContain(words);
    expect((error as UserError).message).toContain('npm start -- --web');
  });
});

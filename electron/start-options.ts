// What can be said after `npm start --`.

import { parseArgs } from 'node:util';
import { UserError } from '../engine/base/index.ts';

export interface StartOptions {
  /** `null`: the desktop where it can be had, else the browser. */
  readonly surface: 'web' | 'desktop' | null;
  readonly workspace: string | null;
  /** 0: any free port. */
  readonly port: number;
  /** Whether to open a browser. */
  readonly open: boolean;
  readonly help: boolean;
}

export const START_HELP = `npm start                      Foresend in a window of its own, else in the browser; a demo to begin with
npm start -- --web             in the browser
npm start -- --desktop         in a window, or not at all
npm start -- --workspace FILE  open that workspace; made, with a demo in it, where it is missing
npm start -- --port N          serve the page on this port (default: any free one)
npm start -- --no-open         print the address and open nothing`;

/** @throws UserError (code USAGE) */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const { values } = parsed(args);
  if (values.web && values.desktop) usage('--web and --desktop exclude each other; give one of them');
  return {
    surface: values.web ? 'web' : values.desktop ? 'desktop' : null,
    workspace: values.workspace ?? null,
    port: values.port === undefined ? 0 : portOf(values.port),
    open: !values['no-open'],
    help: values.help ?? false,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        web: { type: 'boolean' },
        desktop: { type: 'boolean' },
        workspace: { type: 'string' },
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) usage(`--port takes a whole number from 0 to 65535, got "${text}"`);
  return port;
}

function usage(message: string): never {
  throw new UserError('USAGE', `${message}\n\n${START_HELP}`);
}

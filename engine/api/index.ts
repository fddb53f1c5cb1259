// The one interface the command line and the window talk to. Types only: engine/node/api/backend.ts carries it out.
// Everything that crosses is plain data, small enough for a chart. Long calls report progress and can be cancelled.

export type { Stamp } from '../base/index.ts';
export type { WorkflowFile } from '../workflow/index.ts';
export type * from './calls.ts';
export type * from './commands.ts';
export type * from './esp.ts';
export type * from './forecast.ts';
export type * from './history.ts';
export type * from './holdout.ts';
export type * from './people.ts';
export type * from './programme.ts';
export type * from './understand.ts';
export type * from './window.ts';

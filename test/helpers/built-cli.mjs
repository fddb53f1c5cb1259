// The door of the command line over its bundle, as an installed package opens it: what is tested starts in half the time.

import module from 'node:module';
import { pathToFileURL } from 'node:url';

module.enableCompileCache?.();
const { run } = await import(pathToFileURL(process.env.FORESEND_BUILT_CLI));
process.exitCode = await run(process.argv.slice(2));

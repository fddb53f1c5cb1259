// A process that works on a workspace until it is killed. Before and after each operation it writes a line that outlives
// it; the first operation is done before it says that it is ready, so that a kill meets work and not the loading of code.
// Called as: node child.ts KIND FOLDER

import { appendFileSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { backupWorkspace, Workspace } from '../../engine/node/store/index.ts';
import { META, sample } from '../engine/node/store/sample.ts';
import { datasetStep, editedText, type Kind, peopleOf, placeOf, writeOrders } from './work.ts';

const [kind, folder] = process.argv.slice(2) as [Kind, string];
const { workspace: path } = placeOf(folder);
const TEMPLATE = join(import.meta.dirname, '..', '..', 'fixtures', 'workflows', 'cart-recovery.json');

type Work = (n: number) => void | Promise<void>;

/** What a kind needs is loaded for that kind alone. */
const works: Readonly<Record<Kind, () => Work | Promise<Work>>> = {
  datasets: () => {
    const workspace = Workspace.open(path);
    return (n) => {
      const step = datasetStep(n);
      if (step === 'save') workspace.saveDataset('moving', sample(peopleOf(n)), META);
      else if (step === 'replace') workspace.replaceDataset('moving', sample(peopleOf(n)), META);
      else if (step === 'aside') workspace.setAside('moving');
      else if (step === 'back') workspace.bringBack('moving');
      else if (step === 'delete') workspace.deleteDataset('moving');
      else workspace.purgeAside();
    };
  },
  import: async () => {
    const { Backend } = await import('../../engine/node/api/backend.ts');
    const backend = new Backend(path);
    return async (n) => {
      const orders = join(folder, 'orders.csv');
      writeOrders(orders, n);
      await backend.importFiles({
        files: [orders],
        dataset: `import-${n}`,
        format: null,
        map: {},
        eventName: null,
        observedFrom: null,
        observedUntil: null,
        keepDuplicates: false,
        asPeople: false,
        dayZero: null,
      });
    };
  },
  replay: async () => {
    const { Backend } = await import('../../engine/node/api/backend.ts');
    const { parseWorkflow } = await import('../../engine/workflow/index.ts');
    const backend = new Backend(path);
    const workflow = parseWorkflow(readFileSync(TEMPLATE, 'utf8'), TEMPLATE);
    const question = { dataset: 'base', workflow, workflowPath: TEMPLATE, set: [], seed: 1 };
    return async (n) => {
      await backend.replay({ ...question, log: join(folder, `log-${n}.csv`), shard: null, part: null });
    };
  },
  migrate: () => () => Workspace.open(path).close(),
  edit: async () => {
    const { WindowBackend } = await import('../../engine/node/api/window-backend.ts');
    const backend = new WindowBackend({
      workspace: path,
      exports: folder,
      workflowPath: join(folder, 'cart.json'),
      fresh: false,
    });
    const template = readFileSync(TEMPLATE, 'utf8');
    return async (n) => {
      const { revision } = await backend.openWorkflow();
      await backend.saveWorkflow({ text: editedText(template, n + 1), revision });
      await backend.saveScenarios({ scenarios: [{ name: `after ${n + 1}`, kind: 'settings', set: [] }] });
    };
  },
  backup: () => async (n) => {
    await backupWorkspace(path, join(folder, `shop.backup-${n}.foresend`));
  },
};

const say = (line: string) => appendFileSync(join(folder, 'said'), `${line}\n`);
const work = await works[kind]();
const isOnce = kind === 'migrate';
for (let n = 0; n === 0 || !isOnce; n++) {
  say(`begin ${n}`);
  if (isOnce) writeSync(1, 'ready\n');
  await work(n);
  say(`end ${n}`);
  if (n === 0 && !isOnce) writeSync(1, 'ready\n');
}

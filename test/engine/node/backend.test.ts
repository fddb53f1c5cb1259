// The interface a host keeps open while others work on the same file.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ImportRequest } from '../../../engine/api.ts';
import { openBackend } from '../../../engine/node/api/backend.ts';
import { temporaryFolder } from '../../helpers/cli.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

it('sees what another process has put under the name of the history it holds', async () => {
  const workspace = join(folder.path, 'shared.foresend');
  const request = (name: string, text: string, asPeople: boolean): ImportRequest => {
    const file = join(folder.path, name);
    writeFileSync(file, text);
    return {
      files: [file],
      dataset: 'shop',
      format: null,
      map: {},
      eventName: null,
      observedFrom: null,
      observedUntil: null,
      keepDuplicates: false,
      asPeople,
      dayZero: null,
    };
  };
  const [mine, other] = [openBackend(workspace), openBackend(workspace)];
  await mine.importFiles(request('shop.csv', 'user_id,event,timestamp\nann,Bought,1704067200\n', false));
  expect((await mine.describe({ dataset: null })).reachability.reach).toBe('unknown');
  const people = 'user_id,email,updated_at\nann,ann@example.com,2023-12-01\nbob,bob@example.com,2023-12-02\n';
  expect(await other.importFiles(request('crm.csv', people, true))).toMatchObject({
    // Of the rows, what was read; of the dataset, what it holds now.
    rows: { read: 2, kept: 2 },
    persons: 2,
    events: 1,
    from: Date.UTC(2024, 0, 1),
    observedUntil: Date.UTC(2024, 0, 1),
  });
  expect((await mine.describe({ dataset: null })).reachability.reach).toBe('known');
});

// What a programme can be put together from, and opening one: what cannot be used is listed with the reason, and a name in
// a file is looked up among what is there, never taken for a path.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../../engine/base/index.ts';
import { programmeAmong, programmeShelf } from '../../../../engine/node/api/programme-shelf.ts';
import { WindowBackend } from '../../../../engine/node/api/window-backend.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const at = (name: string) => join(folder.path, name);
const write = (name: string, json: unknown) =>
  writeFileSync(at(name), typeof json === 'string' ? json : JSON.stringify(json));
const workflow = (id: string, more: object = {}) => ({
  foresend: 1,
  id,
  trigger: { type: 'behavior', event: 'Looked' },
  sequence: [{ id: 'a', delay: '0s' }],
  goal: { event: 'Bought', within: '1d' },
  ...more,
});

beforeAll(() => {
  for (const name of ['shipped', 'chosen', 'flows']) mkdirSync(at(name));
  write('open.json', workflow('open', { name: 'The open one' }));
  write('news.json', workflow('news'));
  write('broken.json', { ...workflow('broken'), trigger: { type: 'sorcery' } });
  write('package.json', { name: 'something else' });
  write('not.json', '{');
  write('both.json', { foresend: 1, programme: 'both', name: 'Both', workflows: ['open.json', 'news.json'] });
  write('lost.json', { foresend: 1, programme: 'lost', workflows: ['open.json', 'nowhere.json'] });
  write('flows/flow.json', workflow('flow'));
  write('shipped/template.json', workflow('template'));
  write('shipped/taken.json', workflow('news'));
  write('chosen/p.json', { foresend: 1, programme: 'p', workflows: ['deep/x.json', 'news.json'] });
  write('chosen/x.json', workflow('x'));
  write('chosen/second.json', { foresend: 1, programme: 'second', workflows: ['x.json'] });
  write('chosen/evil.json', { foresend: 1, programme: 'evil', workflows: ['../../../../../../etc/hostname'] });
});

const shelf = () => programmeShelf(at('open.json'), [folder.path, at('flows')], at('shipped'));
const chosen = (...names: string[]) => names.map((name) => ({ path: at(`chosen/${name}`), name }));
function refusedWith(names: string[]): UserError {
  try {
    programmeAmong(chosen(...names), shelf());
  } catch (error) {
    if (error instanceof UserError) return error;
  }
  throw new Error('it was not refused');
}

describe('the shelf', () => {
  it('lists the open workflow first, then those beside it and those that ship, each id of these once', () => {
    expect(shelf().workflows.map(({ path, id, from }) => [path, id, from])).toEqual([
      ['open.json', 'open', 'open'],
      ['broken.json', 'broken', 'beside'],
      ['news.json', 'news', 'beside'],
      ['flow.json', 'flow', 'beside'],
      ['template.json', 'template', 'shipped'],
    ]);
    expect(shelf().workflows[0]?.name).toBe('The open one');
  });
  it('says what is wrong with what cannot run', () => {
    const problems = shelf().workflows.flatMap(({ id, problem }) => (problem === null ? [] : [[id, problem]]));
    expect(problems).toEqual([['broken', expect.stringMatching(/^trigger\.type: .*sorcery/)]]);
    expect(shelf().programmes.map(({ id, name, problem }) => [id, name, problem])).toEqual([
      ['both', 'Both', null],
      ['lost', 'lost', expect.stringMatching(/^workflows\[1\]: .*nowhere\.json: there is no such file/)],
    ]);
    const both = shelf().programmes[0]?.programme;
    expect(both?.workflows.map(({ file }) => file['id'])).toEqual(['open', 'news']);
  });
});

describe('a programme that is opened', () => {
  it('takes its workflows from the files chosen with it, and from beside the open one', () => {
    const { file, workflows } = programmeAmong(chosen('x.json', 'p.json'), shelf());
    expect(file['programme']).toBe('p');
    expect(workflows.map((one) => [one.path, one.file['id']])).toEqual([
      ['deep/x.json', 'x'],
      ['news.json', 'news'],
    ]);
  });
  it('is refused with every workflow that is missing, and what to do', () => {
    const { code, issues } = refusedWith(['p.json']);
    expect(code).toBe('PROGRAMME');
    expect(issues).toMatchObject([{ at: 'workflows[0]', message: expect.stringMatching(/choose it together with/) }]);
  });
  it('is one', () => {
    expect(refusedWith(['x.json']).message).toMatch(/^None of these files is a programme\./);
    expect(refusedWith(['p.json', 'second.json']).message).toMatch(/^2 of these files are programmes: p\.json, second/);
  });
  it('reads no file by a name in it', () => {
    expect(refusedWith(['evil.json']).issues[0]?.message).toMatch(/neither among the files chosen nor beside/);
  });
});

describe('the window', () => {
  it('opens one by handles, keeps it in the workspace, prices its rules and makes its file', async () => {
    const workspace = at('shop.foresend');
    const make = () =>
      new WindowBackend({ workspace, exports: at('exports'), workflowPath: at('open.json'), demoPersons: 120 });
    const api = make();
    await api.ready();
    expect(await api.keptProgramme()).toBeNull();
    for (const name of ['p.json', 'x.json']) api.addFile(`handle-${name}`, { path: at(`chosen/${name}`), name });
    const opened = await api.openProgramme({ files: ['handle-p.json', 'handle-x.json'] });
    await expect(api.openProgramme({ files: ['handle-gone'] })).rejects.toThrow(/no longer here/);
    await api.keepProgramme({ programme: opened });
    expect(await make().keptProgramme()).toEqual(opened);
    const file = await api.programmeFile({ programme: opened });
    expect(file).toMatchObject({ name: 'p.json', type: 'application/json' });
    const asked = { dataset: null, programme: opened, programmePath: 'p', set: [], seed: 1 };
    const { costs, perEmail, warnings } = await api.programmeCosts({ ...asked, response: null, draws: 50 });
    expect(costs.map(({ rule, first }) => [rule, first])).toEqual([
      ['globalHoldout', null],
      ['recency', null],
      ['caps', null],
      ['order', 'news'],
    ]);
    expect(perEmail.map((one) => one.workflow)).toEqual(['x', 'news']);
    expect(warnings.join(' ')).toMatch(/no event "Looked"/);
    api.close();
  });
});

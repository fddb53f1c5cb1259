import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { ValueColumn } from '../../../../engine/columns/index.ts';
import type { History } from '../../../../engine/events/index.ts';
import { Workspace } from '../../../../engine/node/store/index.ts';
import { failure, META, sample, scratch } from './helpers.ts';

const path = scratch();

/** Every column as plain data, properties included. */
function contentOf(history: History) {
  return {
    ids: Array.from({ length: history.nPersons }, (_, i) => history.personIds.at(i)),
    starts: [...history.personStart],
    names: history.names,
    codes: [...history.nameCodes],
    times: Array.from({ length: history.nEvents }, (_, i) => history.times.at(i)),
    values: Array.from({ length: history.nEvents }, (_, i) => history.values.at(i)),
    valueName: history.valueName,
    properties: [...history.properties].map(([name, column]) => [
      name,
      column.rows === null,
      Array.from({ length: history.nEvents }, (_, i) => column.at(i)),
    ]),
    changes: history.changes,
    since: history.addressIdSince,
    emails: [...history.emailEvents],
    observed: [history.observedFrom, history.observedUntil, history.observedUntilGiven],
    fingerprint: history.fingerprint,
  };
}

describe('a workspace', () => {
  it('gives back the history it was given, to the last bit', () => {
    const history = sample(50);
    const workspace = Workspace.create(path('same.foresend'));
    const info = workspace.saveDataset('shop', history, META);
    workspace.close();
    expect(info).toMatchObject({
      name: 'shop',
      persons: 50,
      events: 100,
      from: 1_704_067_200_000,
      to: 1_704_067_300_000,
      eventNames: ['Bought', 'Viewed'],
      personProperties: ['plan'],
      sources: ['orders.csv'],
      report: null,
    });
    const again = Workspace.open(path('same.foresend'), { readonly: true });
    expect(contentOf(again.loadHistory('shop'))).toEqual(contentOf(history));
    again.close();
  });

  it.each([
    ['none', [Number.NaN, Number.NaN, Number.NaN, Number.NaN]],
    ['scaled', [1.25, Number.NaN, -3, 0.1]],
    ['sparse', [Number.NaN, Number.NaN, Number.NaN, 1 / 3]],
    ['dense', [1 / 3, Math.PI, 1e300, 2 / 7]],
  ])('keeps values exactly in every encoding: %s', (kind, values) => {
    const history = sample(2);
    const column = ValueColumn.from(values);
    expect(column.encoding.kind).toBe(kind);
    const workspace = Workspace.create(path(`${kind}.foresend`));
    workspace.saveDataset('shop', { ...columnsOf(history), values: column }, META);
    const loaded = workspace.loadHistory('shop');
    expect(values.map((_, i) => loaded.values.at(i))).toEqual(values);
    workspace.close();
  });

  it('reads event properties on first use, also after it was closed', () => {
    const workspace = Workspace.create(path('lazy.foresend'));
    workspace.saveDataset('shop', sample(), META);
    const history = workspace.loadHistory('shop');
    expect([...history.properties.keys()].sort()).toEqual(['count', 'first', 'item']);
    workspace.close();
    expect(history.eventProperty(0, 'item')).toBe('hat 0 ü');
    expect(history.properties.get('item')).toBe(history.properties.get('item'));
    expect(history.properties.get('nothing')).toBeUndefined();
    const gone = Workspace.open(path('lazy.foresend'));
    const other = gone.loadHistory('shop');
    gone.deleteDataset('shop');
    gone.close();
    expect(failure(() => other.properties.get('item'))).toContain('no longer');
  });

  it('is one whole file when it is closed, which can be copied', () => {
    const workspace = Workspace.create(path('whole.foresend'));
    workspace.saveDataset('shop', sample(), META);
    workspace.close();
    expect([existsSync(path('whole.foresend-wal')), existsSync(path('whole.foresend-shm'))]).toEqual([false, false]);
    copyFileSync(path('whole.foresend'), path('copy.foresend'));
    const copy = Workspace.open(path('copy.foresend'));
    expect(copy.loadHistory('shop').nEvents).toBe(6);
    copy.close();
  });

  it('refuses a name that is taken, names what it holds, and finds the only dataset', () => {
    const workspace = Workspace.create(path('names.foresend'));
    expect(failure(() => workspace.resolveDataset())).toContain('no dataset yet');
    workspace.saveDataset('shop', sample(), META);
    expect(workspace.resolveDataset()).toBe('shop');
    expect(failure(() => workspace.saveDataset('shop', sample(), META))).toContain('--dataset');
    workspace.saveDataset('saas', sample(1), { ...META, about: { truth: 0.04 } });
    expect(workspace.datasets().map((d) => [d.name, d.persons])).toEqual([
      ['shop', 3],
      ['saas', 1],
    ]);
    expect(workspace.datasetInfo('saas').about).toEqual({ truth: 0.04 });
    expect(failure(() => workspace.resolveDataset())).toContain('shop, saas');
    expect(failure(() => workspace.loadHistory('shpo'))).toContain('did you mean "shop"');
    expect(failure(() => workspace.saveDataset(' ', sample(), META))).toContain('not blank');
    workspace.deleteDataset('shop');
    expect(workspace.resolveDataset()).toBe('saas');
    expect(failure(() => workspace.deleteDataset('shop'))).toContain('no dataset "shop"');
    workspace.close();
  });

  it('sets datasets aside, brings back the last or the one that is meant, and purges the rest', () => {
    const workspace = Workspace.create(path('aside.foresend'));
    const first = workspace.saveDataset('shop', sample(), META).fingerprint;
    const held = workspace.loadHistory('shop');
    workspace.setAside('shop');
    expect(workspace.datasets()).toEqual([]);
    expect(failure(() => workspace.resolveDataset())).toContain('no dataset yet');
    expect(failure(() => workspace.loadHistory('shop'))).toContain('no dataset "shop"');
    const second = workspace.saveDataset('shop', sample(1), META).fingerprint;
    expect(failure(() => workspace.bringBack('shop'))).toContain('has a dataset "shop" again');
    workspace.setAside('shop');
    workspace.bringBack('shop');
    expect(workspace.datasetInfo('shop').fingerprint).toBe(second);
    workspace.setAside('shop');
    workspace.bringBack('shop', first);
    expect(workspace.datasetInfo('shop').fingerprint).toBe(first);
    expect(contentOf(held)).toEqual(contentOf(workspace.loadHistory('shop')));
    expect(failure(() => workspace.bringBack('sho'))).toContain('no dataset "sho" to bring back');
    workspace.purgeAside();
    workspace.setAside('shop');
    expect(failure(() => workspace.bringBack('shop', second))).toContain('to bring back');
    workspace.purgeAside();
    expect(failure(() => workspace.bringBack('shop'))).toContain('to bring back');
    expect(failure(() => workspace.saveDataset('a\u0000b', sample(), META))).toContain('ordinary characters');
    workspace.close();
  });

  it('puts another history in the place of a dataset, also one made of its own columns', () => {
    const workspace = Workspace.create(path('replace.foresend'));
    workspace.saveDataset('shop', sample(5), META);
    const own = workspace.loadHistory('shop');
    workspace.replaceDataset('shop', { ...columnsOf(own), fingerprint: 'new' }, { ...META, sources: ['people.csv'] });
    expect(workspace.datasets()).toHaveLength(1);
    expect(workspace.datasetInfo('shop')).toMatchObject({ fingerprint: 'new', sources: ['people.csv'] });
    expect(contentOf(workspace.loadHistory('shop'))).toEqual({ ...contentOf(sample(5)), fingerprint: 'new' });
    expect(failure(() => workspace.replaceDataset('none', sample(), META))).toContain('no dataset "none"');
    expect(failure(() => workspace.bringBack('shop'))).toContain('to bring back');
    workspace.replaceDataset('shop', { ...sample(6), fingerprint: 'newer' }, META, { keep: true });
    expect(workspace.datasets()).toHaveLength(1);
    workspace.setAside('shop');
    workspace.bringBack('shop', 'new');
    expect(workspace.datasetInfo('shop').fingerprint).toBe('new');
    workspace.close();
  });

  it('gives the space of a deleted dataset back', () => {
    const workspace = Workspace.create(path('space.foresend'));
    workspace.saveDataset('small', sample(1), META);
    workspace.saveDataset('large', sample(60_000), META);
    workspace.deleteDataset('large');
    workspace.close();
    expect(statSync(path('space.foresend')).size).toBeLessThan(2_000_000);
  });
});

describe('files that are no workspace to be opened', () => {
  it('says what is wrong with each', () => {
    expect(failure(() => Workspace.open(path('nowhere.foresend')))).toContain('There is no workspace');
    writeFileSync(path('text.foresend'), 'user,event,time\n'.repeat(1000));
    expect(failure(() => Workspace.open(path('text.foresend')))).toContain('is not a Foresend workspace');
    writeFileSync(path('empty.foresend'), '');
    expect(failure(() => Workspace.open(path('empty.foresend')))).toContain('is not a Foresend workspace');
    const foreign = new Database(path('foreign.foresend'));
    foreign.exec('create table t (x)');
    foreign.close();
    expect(failure(() => Workspace.open(path('foreign.foresend')))).toContain('is not a Foresend workspace');
    expect(failure(() => Workspace.create(path('foreign.foresend')))).toContain('exists already');
    expect(failure(() => Workspace.create(path('no/such/folder.foresend')))).toContain('There is no folder');
  });

  it('says that a cut off file is damaged', () => {
    const workspace = Workspace.create(path('cut.foresend'));
    workspace.saveDataset('shop', sample(20_000), META);
    workspace.close();
    truncateSync(path('cut.foresend'), 400_000);
    expect(
      failure(() => {
        const cut = Workspace.open(path('cut.foresend'), { readonly: true });
        const history = cut.loadHistory('shop');
        for (const column of history.properties.values()) column.at(0);
      }),
    ).toContain('damaged');
  });

  it('leaves a workspace of a newer version as it is', () => {
    Workspace.create(path('newer.foresend')).close();
    const db = new Database(path('newer.foresend'));
    db.prepare('insert into schema_version values (99, 0)').run();
    db.close();
    const before = readFileSync(path('newer.foresend'));
    for (const readonly of [true, false]) {
      const message = failure(() => Workspace.open(path('newer.foresend'), { readonly }));
      expect(message).toMatch(/newer Foresend .*99/);
    }
    expect(readFileSync(path('newer.foresend')).equals(before)).toBe(true);
  });
});

describe('a save that does not come to its end', () => {
  it('leaves what was there, when the disk is full', () => {
    const file = path('full.foresend');
    const workspace = Workspace.create(file, { maxBytes: 2_000_000 });
    workspace.saveDataset('small', sample(), META);
    expect(failure(() => workspace.saveDataset('large', sample(60_000), META))).toMatch(/disk is full.*still there/);
    expect(workspace.datasets().map((d) => d.name)).toEqual(['small']);
    workspace.saveDataset('other', sample(2), META);
    workspace.close();
    const again = Workspace.open(file);
    expect(again.datasets().map((d) => d.name)).toEqual(['small', 'other']);
    expect(again.loadHistory('small').nEvents).toBe(6);
    again.close();
  });

  it('makes no file and says so, when the disk is full before there was one', async () => {
    const [making, file] = [path('making.foresend'), path('never.foresend')];
    Workspace.create(making).close();
    const workspace = Workspace.open(making, { becomes: file, maxBytes: 2_000_000 });
    expect(failure(() => workspace.saveDataset('large', sample(60_000), META))).toBe(
      `The disk is full: ${file} could not be saved. No file was made; make room and try again.`,
    );
    workspace.close();
  });

  it('leaves what was there, when a column cannot be read half way', () => {
    const workspace = Workspace.create(path('throws.foresend'));
    const columns = { ...columnsOf(sample()) };
    Object.defineProperty(columns, 'values', {
      get: () => {
        throw new Error('half way');
      },
    });
    expect(() => workspace.saveDataset('shop', columns, META)).toThrow('half way');
    expect(workspace.datasets()).toEqual([]);
    workspace.close();
  });

  it('leaves what was there, when the process is killed', async () => {
    const file = path('killed.foresend');
    const first = Workspace.create(file);
    first.saveDataset('before', sample(), META);
    first.close();
    const script = join(import.meta.dirname, 'save-and-wait.ts');
    const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    const [, signal] = await exited;
    expect(signal).toBe('SIGKILL');
    const again = Workspace.open(file);
    expect(again.datasets().map((d) => d.name)).toEqual(['before']);
    expect(contentOf(again.loadHistory('before'))).toEqual(contentOf(sample()));
    again.saveDataset('during', sample(10), META);
    again.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
  });
});

describe('a workspace opened twice', () => {
  it('can be read while it is written; a second writer is told to wait', async () => {
    const file = path('twice.foresend');
    const first = Workspace.create(file);
    first.saveDataset('before', sample(), META);
    first.close();
    const script = join(import.meta.dirname, 'save-and-wait.ts');
    const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      const reader = Workspace.open(file, { readonly: true });
      expect(reader.loadHistory('before').nEvents).toBe(6);
      reader.close();
      const writer = Workspace.open(file);
      expect(writer.datasets()).toHaveLength(1);
      expect(failure(() => writer.saveDataset('mine', sample(), META))).toMatch(
        /being written by another Foresend.*Reading works meanwhile/,
      );
      writer.close();
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  it('is not said to be readable while somebody lets nobody in', async () => {
    const file = path('held.foresend');
    Workspace.create(file).close();
    const holder = new Database(file);
    holder.pragma('journal_mode = DELETE');
    holder.exec('begin exclusive');
    try {
      for (const readonly of [true, false]) {
        const message = failure(() => Workspace.open(file, { readonly }));
        expect(message).toMatch(
          /held\.foresend is held by another program, so that it can be neither written nor read;/,
        );
        expect(message).not.toContain('works meanwhile');
      }
    } finally {
      holder.close();
    }
    expect(Workspace.open(file, { readonly: true }).datasets()).toEqual([]);
  });

  it('refuses to write what was opened for reading', () => {
    Workspace.create(path('read.foresend')).close();
    const reader = Workspace.open(path('read.foresend'), { readonly: true });
    expect(failure(() => reader.saveDataset('shop', sample(), META))).toContain('for reading only');
    expect(failure(() => reader.deleteDataset('shop'))).toContain('for reading only');
    reader.close();
    reader.close();
  });
});

/** A history's columns as a plain object. */
function columnsOf(history: History) {
  const { personIds, personStart, names, nameCodes, times, values, valueName, properties, changes } = history;
  const { addressIdSince, emailEvents, observedFrom, observedUntil, observedUntilGiven, fingerprint } = history;
  return {
    ...{ personIds, personStart, names, nameCodes, times, values, valueName, properties, changes },
    ...{ addressIdSince, emailEvents, observedFrom, observedUntil, observedUntilGiven, fingerprint },
  };
}

// What was brought into a dataset, import by import, and the columns that are remembered for the next files.

import { useEffect, useState } from 'react';
import type { KeptMapping, SavedMapping } from '../../../engine/api/index.ts';
import { day, exactCount, instant, listed, plural } from '../../../engine/base/index.ts';
import type { ImportEntry } from '../../../engine/events/index.ts';
import { useActions, useHost, useWindow } from '../../state/context.tsx';
import { problemOf } from '../../state/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Absent } from '../../ui/figures.tsx';
import { Table } from '../../ui/table.tsx';
import { kindWords, mappingWords } from './words.ts';

export function BroughtIn({ imports }: { readonly imports: readonly ImportEntry[] }) {
  if (imports.length < 2) return null;
  return (
    <section className="data-section">
      <h2>Imports into this dataset</h2>
      <Table
        label="Imports, the first one first"
        columns={[
          { label: 'When' },
          { label: 'Files' },
          { label: 'Read as' },
          { label: 'Rows read', align: 'right' },
          { label: 'Equal rows', align: 'right' },
          { label: 'Set aside', align: 'right' },
          { label: 'New events', align: 'right' },
          { label: 'New people', align: 'right' },
        ]}
        rows={imports.map(({ at, files, formats, as, rows, events, persons }, i) => ({
          key: `${i} ${at}`,
          cells: [
            instant(at),
            <span key="files" className="data-from" title={files.join('\n')}>
              {filesIn(files)}
            </span>,
            `${as === 'both' ? 'events and people' : as}, ${listed(formats.map(kindWords))}`,
            exactCount(rows.read),
            number(rows.duplicates),
            number(rows.rejected),
            number(events),
            number(persons),
          ],
        }))}
      />
    </section>
  );
}

function number(n: number) {
  return n === 0 ? <Absent>none</Absent> : exactCount(n);
}

function filesIn(files: readonly string[]): string {
  const [first = '', ...others] = files.map((file) => file.split(/[/\\]/).at(-1) ?? file);
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

/** Nothing where no columns are remembered. */
export function Remembered() {
  const { api } = useHost();
  const { notify } = useActions();
  const fingerprints = useWindow(({ session }) => session.datasets.map(({ fingerprint }) => fingerprint).join());
  const [kept, setKept] = useState<readonly KeptMapping[]>([]);
  const [forgotten, setForgotten] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an import or a forgetting changes what is kept
  useEffect(() => {
    let isWanted = true;
    api.savedMappings().then(
      (found) => isWanted && setKept(found),
      () => isWanted && setKept([]),
    );
    return () => {
      isWanted = false;
    };
  }, [api, fingerprints, forgotten]);
  if (kept.length === 0) return null;
  const forget = async (one: KeptMapping) => {
    try {
      await api.forgetMapping({ id: one.id });
      notify('Forgotten; the next files of these columns are looked at afresh');
    } catch (error) {
      notify(problemOf(error).message);
    }
    setForgotten((n) => n + 1);
  };
  return (
    <section className="data-section">
      <h2>Columns that are remembered</h2>
      <Table
        label="How files of the same columns are offered to be read"
        columns={[
          { label: 'Columns of the files' },
          { label: 'Read with' },
          { label: 'Named', align: 'right' },
          { label: <span className="sr-only">Actions</span>, align: 'right' },
        ]}
        rows={kept.map((one) => ({
          key: one.id,
          cells: [
            <span key="names" className="data-from" title={one.names?.join(', ')}>
              {columnsWords(one)}
            </span>,
            mappingWords(one),
            one.savedAt === null ? <Absent key="at">not known</Absent> : day(one.savedAt),
            <Button
              key="do"
              edits
              look="link"
              aria-label={`Forget ${mappingWords(one)}`}
              onClick={() => void forget(one)}
            >
              Forget
            </Button>,
          ],
        }))}
      />
    </section>
  );
}

function columnsWords({ names, asPeople }: KeptMapping): string {
  const what = asPeople ? ' (people)' : '';
  if (names === null) return `kept by an earlier version${what}`;
  const shown = names.slice(0, 4).join(', ');
  return `${shown}${names.length > 4 ? ` and ${plural(names.length - 4, 'more', 'more')}` : ''}${what}`;
}

/** Offers how files of these columns were read last time. */
export function LastTime({ saved, disabled }: { readonly saved: SavedMapping; readonly disabled: boolean }) {
  const { setImport } = useActions();
  return (
    <p className="note import-last-time">
      Files of these columns were read with {mappingWords(saved)} last time.{' '}
      <Button look="link" disabled={disabled} onClick={() => void setImport({ ...saved })}>
        Read them so again
      </Button>
    </p>
  );
}

// Whom the column gains and loses, and by which rule: counts that add up, the rules of a class, and the people, page
// after page.

import { type ReactNode, useEffect, useState } from 'react';
import type { CompareAnswer, ComparePeopleAnswer } from '../../../engine/api/index.ts';
import { capital, count, exactCount, plural } from '../../../engine/base/index.ts';
import { CHANGE_WORDS, CHANGES, type Change, personWords, ruleWords } from '../../../engine/difference/index.ts';
import { useActions, useHost, useWindow } from '../../state/context.tsx';
import { isAbort, problemOf } from '../../state/problem.ts';
import { Button } from '../../ui/button.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Table } from '../../ui/table.tsx';
import { peopleLink } from '../people/people-link.ts';
import { compareRequestOf, type Variant } from './variants.ts';

export interface PeopleProps {
  readonly versions: CompareAnswer['versions'];
  readonly variants: readonly Variant[];
  readonly focus: number;
  readonly change: Change;
  readonly isStale: boolean;
  readonly onChange: (change: Change) => void;
  /** Under the change in words. */
  readonly action: ReactNode;
}

/** The first class that has somebody in it, the gained and lost before the others. */
export function firstChange(people: CompareAnswer['versions'][number]['people']): Change {
  return CHANGES.find((change) => (people?.[change] ?? 0) > 0) ?? 'unchanged';
}

export function People({ versions, variants, focus, change, isStale, onChange, action }: PeopleProps) {
  const [first] = versions;
  const version = versions[focus + 1];
  if (first === undefined || version === undefined || version.people === null) return null;
  const { people } = version;
  const names = [first.name, version.name] as const;
  const rules = people.rules.filter((rule) => rule.change === change).slice(0, 8);
  return (
    <div className={isStale ? 'compare-panel stale' : 'compare-panel'}>
      <PanelSection title={`${version.name} against ${first.name}`}>
        <p className="note">{version.change?.sentence}</p>
        {action}
      </PanelSection>
      <PanelSection title="People">
        <Table
          label="People by what becomes of them"
          compact
          columns={[{ label: 'First email' }, { label: 'People', align: 'right' }]}
          rows={[
            ...CHANGES.map((one) => ({
              key: one,
              ...(one === change ? { as: 'marked' as const } : {}),
              cells: [
                <button
                  key="name"
                  type="button"
                  className="compare-btn"
                  aria-pressed={one === change}
                  onClick={() => onChange(one)}
                >
                  {capital(CHANGE_WORDS[one])}
                </button>,
                exactCount(people[one]),
              ],
            })),
            { key: 'all', as: 'total' as const, cells: ['Anything decided', exactCount(people.persons)] },
          ]}
        />
      </PanelSection>
      {change !== 'unchanged' && (
        <PanelSection title={`${capital(CHANGE_WORDS[change])}: the first decision that differs`}>
          {rules.length === 0 ? (
            <p className="note">Nobody.</p>
          ) : (
            <ul className="compare-rules">
              {rules.map((rule) => (
                <li key={JSON.stringify([rule.first, rule.second, rule.sooner])}>
                  <b>{count(rule.persons)}</b> <span>{ruleWords(rule, names)}</span>
                </li>
              ))}
            </ul>
          )}
        </PanelSection>
      )}
      {people[change] > 0 && (
        <PersonList key={`${focus} ${change}`} variants={variants} focus={focus} change={change} names={names} />
      )}
    </div>
  );
}

interface PersonListProps extends Pick<PeopleProps, 'variants' | 'focus' | 'change'> {
  readonly names: readonly [string, string];
}

const PAGE = 20;

function PersonList({ variants, focus, change, names }: PersonListProps) {
  const host = useHost();
  const { go } = useActions();
  const session = useWindow((state) => state.session);
  const workflow = useWindow((state) => state.workflow);
  const [pages, setPages] = useState<readonly ComparePeopleAnswer[]>([]);
  const [wanted, setWanted] = useState(1);
  const [problem, setProblem] = useState<string | null>(null);
  const request = compareRequestOf({ session, workflow }, variants);
  const [first] = request?.columns ?? [];
  const second = request?.columns[focus + 1];
  const of = JSON.stringify([first, second, request?.dataset]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins at the first page
  useEffect(() => {
    setPages([]);
    setWanted(1);
  }, [of]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `of` is the question as text
  useEffect(() => {
    if (request === null || first === undefined || second === undefined || pages.length >= wanted) return;
    const controller = new AbortController();
    const { dataset, seed } = request;
    const page = { dataset, seed, first, second, change, offset: pages.length * PAGE, limit: PAGE };
    host.api.comparePeople(page, { signal: controller.signal }).then(
      (answer) => {
        if (!controller.signal.aborted) setPages((before) => [...before, answer]);
      },
      (error: unknown) => {
        if (!controller.signal.aborted && !isAbort(error)) setProblem(problemOf(error).message);
      },
    );
    return () => controller.abort();
  }, [of, wanted, pages.length]);
  if (problem !== null) return <PanelSection title="Who">{<p className="note">{problem}</p>}</PanelSection>;
  const rows = pages.flatMap((page) => page.rows);
  const total = pages[0]?.total ?? 0;
  if (rows.length === 0) return null;
  return (
    <PanelSection
      title={total > rows.length ? `First ${count(rows.length)} of ${plural(total, 'person', 'people')}` : 'Who'}
    >
      <ul className="compare-people">
        {rows.map((row) => (
          <li key={row.person}>
            <button
              type="button"
              className="compare-btn compare-person"
              onClick={() => go('people', peopleLink({ person: row.person, at: row.first?.time ?? null }))}
            >
              {row.person}
              <span className="sr-only">: why, in the workflow as it is</span>
            </button>
            <span>{personWords(row, names)}</span>
          </li>
        ))}
      </ul>
      {total > rows.length && <Button onClick={() => setWanted(pages.length + 1)}>Show {PAGE} more</Button>}
    </PanelSection>
  );
}

// The tables of Programme: its workflows, where they collide, what each rule keeps out.

import type { ProgrammeAnswer, ProgrammeCostsAnswer } from '../../../engine/api/index.ts';
import { exactCount, range, signedCount } from '../../../engine/base/index.ts';
import { known, signedExact } from '../../../engine/report/index.ts';
import type { ProgrammeFiles } from '../../../engine/workflow/index.ts';
import { useActions } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Absent, Projected } from '../../ui/figures.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { peopleLink } from '../people/people-link.ts';
import type { Answered } from '../people/use-answer.ts';
import { COLLISIONS, type Cost, costKey, costName, recencyRules, workflowLines } from './programme-words.ts';

interface WorkflowsProps {
  readonly answer: ProgrammeAnswer;
  readonly files: ProgrammeFiles;
  readonly isStale: boolean;
}

export function Workflows({ answer, files, isStale }: WorkflowsProps) {
  const lines = workflowLines(answer, recencyRules(files));
  const sum = (of: (line: (typeof lines)[number]) => number) => lines.reduce((total, line) => total + of(line), 0);
  const cells = (line: Omit<(typeof lines)[number], 'id'>) =>
    [line.candidates, line.keptOutOfAll, line.recent, line.enrolled, line.heldOut, line.capped, line.emails].map(
      exactCount,
    );
  const total = {
    candidates: sum((line) => line.candidates),
    keptOutOfAll: sum((line) => line.keptOutOfAll),
    recent: sum((line) => line.recent),
    enrolled: sum((line) => line.enrolled),
    heldOut: sum((line) => line.heldOut),
    capped: sum((line) => line.capped),
    emails: sum((line) => line.emails),
  };
  return (
    <section className={isStale ? 'stale' : undefined}>
      <Table
        label="Workflows, highest priority first"
        compact
        columns={[
          { label: 'Highest priority first' },
          ...['Candidates', 'Kept out of all', 'Recent email', 'Enrolled', 'Held out', 'Skipped by cap', 'Emails'].map(
            (label) => ({ label, align: 'right' as const }),
          ),
        ]}
        rows={[
          ...lines.map((line, i) => ({ key: line.id, cells: [`${i + 1}. ${line.id}`, ...cells(line)] })),
          { key: 'together', cells: ['Together', ...cells(total)], as: 'total' as const },
        ]}
      />
    </section>
  );
}

export function Collisions({ answer, isStale }: { readonly answer: ProgrammeAnswer; readonly isStale: boolean }) {
  const { go } = useActions();
  const { collisions } = answer.programme;
  return (
    <section className={isStale ? 'stale' : undefined}>
      <h2>Where they collide</h2>
      <Table
        label="Where they collide"
        compact
        columns={[{ label: 'Collision' }, { label: 'People', align: 'right' }, { label: 'How often', align: 'right' }]}
        rows={COLLISIONS.map(({ kind, name, times }) => {
          const { people, times: n } = collisions[kind];
          return {
            key: kind,
            cells: [
              name,
              people === 0 ? (
                '0'
              ) : (
                <Button
                  key="people"
                  look="link"
                  aria-label={`${exactCount(people)} people: ${name}`}
                  onClick={() => go('people', peopleLink({ isProgramme: true, collision: kind }))}
                >
                  {exactCount(people)}
                </Button>
              ),
              `${exactCount(n)} ${n === 1 ? times.slice(0, -1) : times}`,
            ],
          };
        })}
      />
      <p className="table-foot">
        <Button look="link" onClick={() => go('people', peopleLink({ isProgramme: true }))}>
          People to look at, over all workflows
        </Button>
      </p>
    </section>
  );
}

export function Costs({ costs }: { readonly costs: Answered<ProgrammeCostsAnswer> }) {
  const { select } = useActions();
  const { value, problem } = costs;
  return (
    <section className={costs.isCurrent ? undefined : 'stale'}>
      <h2>
        What each rule keeps out <span className="small">more would go out without it</span>
      </h2>
      {problem !== null ? (
        <ErrorState title="The rules could not be priced." action={<Button onClick={costs.again}>Try again</Button>}>
          {problem.message}
        </ErrorState>
      ) : value === null ? (
        <p className="note">Each rule is being left out in turn.</p>
      ) : (
        <Table
          label="What each rule keeps out"
          compact
          columns={[
            { label: 'Rule' },
            { label: 'Emails', align: 'right' },
            { label: 'Given up, projected', align: 'right' },
          ]}
          rows={value.costs.map((cost) => {
            const key = costKey(cost);
            const name = costName(cost);
            if (cost.reason !== null) {
              return {
                key,
                cells: [
                  <span key="name" className="programme-rule">
                    {name}
                  </span>,
                  <Absent key="n">none</Absent>,
                  <span key="c" className="absent programme-reason">
                    {cost.reason}
                  </span>,
                ],
              };
            }
            return {
              key,
              cells: [
                <Button key="name" look="link" onClick={() => select(key, 'rests')}>
                  {name}
                </Button>,
                signedExact(cost.emails),
                <GivenUp key="given-up" cost={cost} />,
              ],
            };
          })}
        />
      )}
    </section>
  );
}

function GivenUp({ cost }: { readonly cost: Cost }) {
  const found = known(cost.conversions);
  if (found === null) return <Absent>not known</Absent>;
  if (cost.workflows.every(({ emails }) => emails === 0)) return <Absent>nothing</Absent>;
  return (
    <>
      <Projected>{signedCount(found.expected)}</Projected>{' '}
      <span className="small">{range([found.low, found.high], signedCount)}</span>
    </>
  );
}

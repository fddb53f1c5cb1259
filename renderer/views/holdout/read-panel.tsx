// How a file of results is read: its columns, the planned split, and the locked plan it stands under.

import { useRef } from 'react';
import type { ResultsFile } from '../../../engine/api/index.ts';
import { count, exactCount, instant } from '../../../engine/base/index.ts';
import { parseRatio } from '../../../engine/holdout/index.ts';
import { problemOf } from '../../state/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Select } from '../../ui/select.tsx';
import { ChooseResults } from './choose-results.tsx';
import { usePlans, useResults, useTesting } from './use-test.ts';

const NONE = '\u0000none';

export function ReadPanel() {
  const [{ results }] = useTesting();
  const { drop } = useResults();
  return (
    <>
      <UnderPlan />
      {results?.look != null && (
        <>
          <PanelSection title="Columns">
            <ColumnFields look={results.look} />
          </PanelSection>
          <PanelSection title="File">
            <p className="note">
              {results.name}, {exactCount(results.look.rows)} rows. It is read and not kept; under a plan, its counts
              are remembered as a look.
            </p>
            <div className="holdout-buttons">
              <ChooseResults>Choose another file</ChooseResults>
              <Button onClick={drop}>Put it away</Button>
            </div>
          </PanelSection>
        </>
      )}
    </>
  );
}

function UnderPlan() {
  const plans = usePlans();
  const [{ plan }] = useTesting();
  const { setPlan, takePlan } = useResults();
  const input = useRef<HTMLInputElement>(null);
  const chosen = plans.find(({ hash }) => hash === plan);
  return (
    <PanelSection title="Locked plan">
      <Select
        label="Read under"
        hideLabel
        value={chosen?.hash ?? NONE}
        options={[
          { value: NONE, label: 'No plan' },
          ...plans.toReversed().map(({ hash, name, lockedAt }) => ({
            value: hash,
            label: name,
            note: instant(Date.parse(lockedAt)),
          })),
        ]}
        onChange={(value) => void setPlan(value === NONE ? null : value)}
      />
      <p className="note">
        {chosen === undefined
          ? 'Without a plan locked before launch, a result is only a hint of what to test next.'
          : chosen.rule}
      </p>
      <Button onClick={() => input.current?.click()}>Load a plan file</Button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json"
        aria-label="Plan file"
        onChange={(event) => {
          const [file] = [...(event.target.files ?? [])];
          event.target.value = '';
          if (file !== undefined) void takePlan(file);
        }}
      />
    </PanelSection>
  );
}

function ColumnFields({ look }: { readonly look: ResultsFile }) {
  const plans = usePlans();
  const [{ results, plan }] = useTesting();
  const { setColumns } = useResults();
  const columns = results?.columns ?? {};
  const of = (...kinds: readonly string[]) => look.columns.filter(({ kind }) => kinds.includes(kind));
  const named = (list: ResultsFile['columns']) => list.map(({ name }) => ({ value: name, label: name }));
  const arm = look.columns.find(({ name }) => name === columns.arm);
  const amounts = [
    { value: NONE, label: 'None' },
    ...named(of('amount', 'outcome').filter(({ name }) => name !== columns.arm)),
  ];
  const orNull = (value: string) => (value === NONE ? null : value);
  const isPlanned = plans.some(({ hash }) => hash === plan);
  const setArm = (name: string) => {
    const values = look.columns.find((one) => one.name === name)?.values ?? [];
    void setColumns({ arm: name, control: values.at(-1)?.text ?? '' });
  };
  return (
    <div className="holdout-fields">
      <Select
        label="Arm"
        value={columns.arm ?? null}
        placeholder="Choose"
        options={named(of('arm', 'outcome'))}
        onChange={setArm}
      />
      <Select
        label="Held out"
        value={columns.control ?? null}
        placeholder="Choose"
        options={(arm?.values ?? []).map(({ text, n }) => ({ value: text, label: text, note: count(n) }))}
        onChange={(control) => void setColumns({ control })}
      />
      <Select
        label="Outcome"
        value={columns.outcomes?.[0] ?? null}
        placeholder="Choose"
        options={named(of('outcome').filter(({ name }) => name !== columns.arm))}
        onChange={(outcome) => void setColumns({ outcomes: [outcome] })}
      />
      <Field
        label="Planned split"
        value={columns.ratio ?? ''}
        show={(value) => value}
        read={readRatio}
        placeholder={isPlanned ? 'the plan’s' : '85:15'}
        onCommit={(ratio) => void setColumns({ ratio: ratio === '' ? null : ratio })}
      />
      <Select
        label="Money"
        value={columns.value ?? NONE}
        options={amounts}
        onChange={(value) => void setColumns({ value: orNull(value) })}
      />
      <Select
        label="Money before"
        value={columns.before ?? NONE}
        options={amounts}
        disabled={columns.value == null}
        onChange={(before) => void setColumns({ before: orNull(before) })}
      />
      <div className="wide">
        <Select
          label="Credited by the email tool"
          value={columns.credited ?? NONE}
          options={amounts}
          onChange={(credited) => void setColumns({ credited: orNull(credited) })}
        />
      </div>
      <div className="wide">
        <Select
          label="Divided by, such as orders"
          value={columns.per ?? NONE}
          options={amounts}
          disabled={columns.value == null}
          onChange={(per) => void setColumns({ per: orNull(per) })}
        />
      </div>
    </div>
  );
}

function readRatio(text: string) {
  if (text === '') return { value: '' };
  try {
    parseRatio(text);
    return { value: text };
  } catch (error) {
    return { error: problemOf(error).message.replace('--ratio is treated:control', 'Write treated:held out') };
  }
}

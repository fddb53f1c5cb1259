// What a figure rests on, input by input: value, kind, grade, source. What is the user's own is changed right there, as
// an edit that is undone by its name, and every figure follows.

import type { ProjectAnswer } from '../../../engine/api/index.ts';
import { type Currency, capital } from '../../../engine/base/index.ts';
import { INPUT_NAMES, inputValue } from '../../../engine/report/index.ts';
import { useActions, useWindow } from '../../state/context.tsx';
import { AssumptionChip, type AssumptionLike } from '../../ui/assumptions.tsx';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Chip, Projected } from '../../ui/figures.tsx';
import {
  type EconomicsKey,
  EDITABLE,
  economicsOf,
  hasLevel,
  isEditable,
  levelOf,
  oddsWords,
  readEconomics,
  readLevel,
  typed,
  withLevel,
} from './economics.ts';

export interface InputsProps {
  readonly assumptions: ProjectAnswer['assumptions'];
  readonly currency: Currency;
}

export function Inputs({ assumptions, currency }: InputsProps) {
  return (
    <ul className="inputs">
      {assumptions.map((one) => (
        <li key={one.name}>
          <InputRow assumption={one} currency={currency} />
        </li>
      ))}
    </ul>
  );
}

function InputRow({ assumption, currency }: { readonly assumption: AssumptionLike; readonly currency: Currency }) {
  const { name, kind, source } = assumption;
  const label = INPUT_NAMES[name] ?? capital(name);
  if (name === 'level' && kind !== 'measured') return <LevelInput assumption={assumption} label={label} />;
  const isOwn = isEditable(name) && kind !== 'measured';
  const value = inputValue(assumption, currency);
  const isLong = value.length > 22;
  return (
    <>
      <div className={isLong ? 'input-row input-row-long' : 'input-row'}>
        {isOwn ? (
          <EconomicsField name={name} fallback={value} />
        ) : (
          <>
            <span className="input-name">{label}</span>
            {kind === 'measured' ? <b>{value}</b> : <Projected>{value}</Projected>}
          </>
        )}
      </div>
      <p className="small">
        <SourceChip assumption={assumption} /> {sourceWords(source)}
      </p>
    </>
  );
}

/** Only a randomised holdout is called measured. */
function SourceChip({ assumption }: { readonly assumption: AssumptionLike }) {
  if (assumption.kind === 'measured') return <Chip kind="counted">counted here</Chip>;
  if (assumption.kind === 'input' && assumption.value === 'not given') return <Chip kind="projected">not set</Chip>;
  return <AssumptionChip assumption={assumption} />;
}

export interface EconomicsFieldProps {
  readonly name: EconomicsKey;
  /** What is taken where the file does not say. */
  readonly fallback?: string;
}

/** One of the workflow's economics; empty takes it out of the file. */
export function EconomicsField({ name, fallback }: EconomicsFieldProps) {
  const file = useWindow(({ workflow }) => workflow.file);
  const { setWorkflow, notify } = useActions();
  const one = EDITABLE[name];
  const label = INPUT_NAMES[name] ?? capital(one.noun);
  return (
    <Field
      edits
      label={label}
      value={economicsOf(file, name)}
      show={(value) => typed(value, one)}
      read={(text) => readEconomics(text, one)}
      placeholder={fallback === undefined || fallback === 'not given' ? 'not set' : fallback}
      onCommit={(value) => {
        const words = value === null ? `take out the ${one.noun}` : `set ${one.noun} to ${typed(value, one)}`;
        setWorkflow(`economics.${name}`, value, words);
        notify(value === null ? `${capital(one.noun)} taken out` : `${capital(one.noun)} set to ${typed(value, one)}`, {
          undo: true,
        });
      }}
    />
  );
}

function LevelInput({ assumption, label }: { readonly assumption: AssumptionLike; readonly label: string }) {
  const response = useWindow(({ workflow }) => workflow.response);
  const { setResponse } = useActions();
  const level = levelOf(response);
  return (
    <>
      <div className="input-row input-row-long">
        <span className="input-name">{label}</span>
        <Projected>{oddsWords(level)}</Projected>
      </div>
      <div className="input-pair">
        <Field
          edits
          label="Log odds, mean"
          value={level.mean}
          show={String}
          read={(text) => readLevel(text, -5)}
          onCommit={(mean) => setResponse(withLevel(response, { ...level, mean }), `set the assumed effect to ${mean}`)}
        />
        <Field
          edits
          label="Standard deviation"
          value={level.sd}
          show={String}
          read={(text) => readLevel(text, 0)}
          onCommit={(sd) =>
            setResponse(withLevel(response, { ...level, sd }), `set the doubt about the effect to ${sd}`)
          }
        />
      </div>
      <p className="small">
        <SourceChip assumption={assumption} /> {sourceWords(assumption.source)}{' '}
        {hasLevel(response) && (
          <Button
            edits
            look="link"
            onClick={() => setResponse(withLevel(response, null), 'go back to the default effect')}
          >
            Back to the default
          </Button>
        )}
      </p>
    </>
  );
}

function sourceWords(source: string): string {
  if (source === 'the response file') return 'Set here, for this workflow as it stands.';
  return /^[a-z]+[\s,:]/.test(source) ? capital(source) : source;
}

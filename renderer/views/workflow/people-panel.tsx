// People to look at: those emailed most, those who missed the trigger most narrowly, those a cap held back; and anyone by
// id. A person who is chosen takes the panel's place: what happened to them, in order, and why.

import { useState } from 'react';
import type { PeopleAnswer, PersonFound } from '../../../engine/api/index.ts';
import { humanDuration as duration, exactPlural } from '../../../engine/base/index.ts';
import type { Asked } from '../../state/types.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Absent } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';

export interface PersonAt {
  readonly person: string;
  /** Null: the end of the history. */
  readonly at: number | null;
}

export interface PeopleSectionProps {
  readonly people: Asked<PeopleAnswer>;
  readonly isStale: boolean;
  readonly onExplain: (who: PersonAt) => void;
}

export function PeopleSection({ people, isStale, onExplain }: PeopleSectionProps) {
  const { value, status, problem } = people;
  const [typed, setTyped] = useState(0);
  return (
    <PanelSection title="People to look at">
      {value === null ? (
        <p className="note">
          {status === 'failed' ? (problem?.message ?? 'They could not be found.') : 'Being found.'}
        </p>
      ) : (
        <div className={isStale ? 'people stale' : 'people'}>
          <Found
            name="Most emailed"
            found={value.mostEmailed}
            says={(n) => exactPlural(n, 'email')}
            none="nobody is emailed"
            onExplain={onExplain}
          />
          <Found
            name="Nearest miss"
            found={value.nearestMiss}
            says={(n) => (n === 0 ? 'at the last moment' : `by ${duration(n)}`)}
            none={value.nearestMiss === null ? 'the trigger waits for nothing' : 'nobody answered in time'}
            onExplain={onExplain}
          />
          <Found
            name="At the cap"
            found={value.atCap}
            says={(n) => `${exactPlural(n, 'email')} skipped`}
            none={value.atCap === null ? 'no cap is set' : 'nobody reaches it'}
            onExplain={onExplain}
          />
        </div>
      )}
      <div className="form">
        <Field
          key={typed}
          label="Someone else"
          value=""
          show={(text) => text}
          placeholder="A person's id"
          read={(text) => ({ value: text })}
          onCommit={(person) => {
            setTyped(typed + 1);
            if (person !== '') onExplain({ person, at: null });
          }}
        />
      </div>
    </PanelSection>
  );
}

interface FoundProps {
  readonly name: string;
  readonly found: readonly PersonFound[] | null;
  readonly says: (n: number) => string;
  /** Why there is nobody. */
  readonly none: string;
  readonly onExplain: (who: PersonAt) => void;
}

function Found({ name, found, says, none, onExplain }: FoundProps) {
  return (
    <section aria-label={name}>
      <h4>{name}</h4>
      {found === null || found.length === 0 ? (
        <p className="people-none">
          <Absent>{none}</Absent>
        </p>
      ) : (
        <ul>
          {found.map((one) => (
            <li key={one.person}>
              <Button look="link" onClick={() => onExplain(one)}>
                {one.person}
              </Button>
              <span className="people-why">{says(one.n)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

// Why did this person get, or not get, this email? One person: the answer, their timeline up to a moment, the rules in
// order. Nobody chosen: telling people of the history, a search, or those behind a count of another screen.

import './people.css';
import { exactCount } from '../../../engine/base/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow, useWindowStore } from '../../state/context.tsx';
import { programmeRequestOf, useProgramme } from '../../state/programme.ts';
import { requestOf } from '../../state/questions.ts';
import { Button } from '../../ui/button.tsx';
import { Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { RestsPanel } from '../../ui/rests-panel.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { Found, Gallery, type Programme, useFound, useGallery } from './finder.tsx';
import {
  COLLISION_WORDS,
  filterWords,
  groupWords,
  type PeopleQuestion,
  peopleLink,
  questionIn,
} from './people-link.ts';
import { Person } from './person.tsx';
import { SearchField } from './search-field.tsx';

export default function People() {
  const canAsk = useWindow((state) => requestOf(state) !== null);
  const isChecking = useWindow(({ workflow }) => workflow.path === null || !workflow.isChecked);
  const selection = useWindow(({ view }) => view.selection);
  const question = questionIn(selection);
  const { go, select } = useActions();
  if (!canAsk && !isChecking) {
    return (
      <EmptyState
        heading="h1"
        title="There is no workflow to ask about people."
        action={<Button onClick={() => go('workflow')}>Open the workflow</Button>}
      >
        Why somebody got an email is asked of a workflow without errors. Put the file right, then come back.
      </EmptyState>
    );
  }
  const ask = (change: Partial<PeopleQuestion>) => select(peopleLink({ ...question, ...change }));
  if (question.isProgramme) return <OfProgramme question={question} onAsk={ask} />;
  return <Asked question={question} programme={null} onAsk={ask} />;
}

/** Asked of the programme that Simulate looks at. */
function OfProgramme({ question, onAsk }: Pick<AskedProps, 'question' | 'onAsk'>) {
  const handles = useProgramme();
  const store = useWindowStore();
  // Whether there is one changes with the window; what it is, is read from the same state.
  const canAsk = useWindow((state) => programmeRequestOf(state, handles) !== null);
  const programme = canAsk ? programmeRequestOf(store.getState(), handles) : null;
  if (programme === null) return <p className="note">The programme is being read.</p>;
  return <Asked question={question} programme={programme} onAsk={onAsk} />;
}

interface AskedProps {
  readonly question: PeopleQuestion;
  readonly programme: Programme;
  readonly onAsk: (change: Partial<PeopleQuestion>) => void;
}

function Asked({ question, programme, onAsk }: AskedProps) {
  const { person, filter, group, collision, search } = question;
  const isList = filter !== null || group !== null || collision !== null || search !== '';
  const found = useFound(isList ? { programme, filter, group, collision, search } : null);
  const gallery = useGallery(programme);
  const finder = (isNarrow: boolean) => (
    <>
      <div className="people-find">
        <SearchField text={search} onSearch={(text) => onAsk({ search: text, person: null })} />
        {programme !== null && (
          <Button
            icon="close"
            onClick={() => onAsk({ isProgramme: false, collision: null, filter: null, person: null })}
          >
            over all workflows
          </Button>
        )}
        {collision !== null && (
          <Button icon="close" onClick={() => onAsk({ collision: null, person: null })}>
            {COLLISION_WORDS[collision]}
          </Button>
        )}
        {group !== null && (
          <Button look="plain" icon="close" onClick={() => onAsk({ group: null, person: null })}>
            {groupWords(group)}
          </Button>
        )}
        {filter !== null && (
          <Button look="plain" icon="close" onClick={() => onAsk({ filter: null, person: null })}>
            {filterWords(filter)}
          </Button>
        )}
      </div>
      {isList ? (
        <Found
          found={found}
          isNarrow={isNarrow}
          chosen={person}
          onAsk={onAsk}
          programme={programme}
          filter={filter}
          group={group}
          collision={collision}
          search={search}
        />
      ) : (
        <Gallery gallery={gallery} isNarrow={isNarrow} onAsk={onAsk} />
      )}
    </>
  );
  return (
    <div className="people-screen screen">
      {person === null ? (
        <>
          <Finding screen="People" question="Why, or why not?">
            {headline(question, found.answer.value)}
          </Finding>
          {finder(false)}
        </>
      ) : (
        <Person key={person} person={person} at={question.at} programme={programme} onAsk={onAsk} />
      )}
      <SidePanel
        label="People"
        own={
          person === null ? (
            <PanelSection title="How to read it">
              <p className="note">
                Choose somebody to see why each email went out or did not, and by how much it missed. What is said of a
                moment rests on nothing later. Counts in Workflow open here as the people behind them.
              </p>
            </PanelSection>
          ) : (
            <PanelSection title={isList ? 'The others' : 'People to look at'}>{finder(true)}</PanelSection>
          )
        }
        rests={<RestsPanel figure={null} assumptions={null} />}
      />
    </div>
  );
}

function headline(
  { filter, group, collision, isProgramme, search }: PeopleQuestion,
  list: { total: number; persons: number } | null,
): string {
  if (filter === null && group === null && collision === null && search === '')
    return isProgramme
      ? 'Choose somebody: by id, or among the most telling over all workflows.'
      : 'Choose somebody: by id, or among the most telling of this history.';
  if (list === null) return 'Being found.';
  const is =
    collision !== null
      ? COLLISION_WORDS[collision]
      : group !== null
        ? groupWords(group)
        : filter === null
          ? ''
          : filterWords(filter);
  const what = is === '' ? '' : ` ${is}`;
  const where = search === '' ? '' : `${is === '' ? '' : ', and'} have "${search}" in an id or address`;
  if (list.total === 0) return `Nobody of ${exactCount(list.persons)}: ${`${what}${where}`.trim()}.`;
  return `${exactCount(list.total)} of ${exactCount(list.persons)} people: ${`${what}${where}`.trim()}.`;
}

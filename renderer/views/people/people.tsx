// Why did this person get, or not get, this email? One person: the answer, their timeline up to a moment, the rules in
// order. Nobody chosen: telling people of the history, a search, or those behind a count of another screen.

import './people.css';
import { exactCount } from '../../../engine/base/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { requestOf } from '../../state/questions.ts';
import { Button } from '../../ui/button.tsx';
import { Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { RestsPanel } from '../../ui/rests-panel.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { Found, Gallery, useFound, useGallery } from './finder.tsx';
import { filterWords, type PeopleQuestion, peopleLink, questionIn } from './people-link.ts';
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
  return <Asked question={question} onAsk={ask} />;
}

interface AskedProps {
  readonly question: PeopleQuestion;
  readonly onAsk: (change: Partial<PeopleQuestion>) => void;
}

function Asked({ question, onAsk }: AskedProps) {
  const { person, filter, search } = question;
  const isList = filter !== null || search !== '';
  const found = useFound(isList ? { filter, search } : null);
  const gallery = useGallery();
  const finder = (isNarrow: boolean) => (
    <>
      <div className="people-find">
        <SearchField text={search} onSearch={(text) => onAsk({ search: text, person: null })} />
        {filter !== null && (
          <Button look="plain" icon="close" onClick={() => onAsk({ filter: null, person: null })}>
            {filterWords(filter)}
          </Button>
        )}
      </div>
      {isList ? (
        <Found found={found} isNarrow={isNarrow} chosen={person} onAsk={onAsk} filter={filter} search={search} />
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
        <Person key={person} person={person} at={question.at} onAsk={onAsk} />
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

function headline({ filter, search }: PeopleQuestion, list: { total: number; persons: number } | null): string {
  if (filter === null && search === '') return 'Choose somebody: by id, or among the most telling of this history.';
  if (list === null) return 'Being found.';
  const what = filter === null ? '' : ` ${filterWords(filter)}`;
  const where = search === '' ? '' : `${filter === null ? '' : ', and'} have "${search}" in an id or address`;
  if (list.total === 0) return `Nobody of ${exactCount(list.persons)}: ${`${what}${where}`.trim()}.`;
  return `${exactCount(list.total)} of ${exactCount(list.persons)} people: ${`${what}${where}`.trim()}.`;
}

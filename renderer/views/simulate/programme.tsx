// What do several workflows do together? What they send, where they collide over people, and what each rule that they
// share keeps out: the programme once more without it, so its price stands beside what it prevents.

import { useEffect } from 'react';
import type { ProgrammeAnswer, ProgrammeCostsAnswer, ProgrammeGalleryAnswer } from '../../../engine/api/index.ts';
import type { ProgrammeFiles } from '../../../engine/workflow/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow, useWindowStore } from '../../state/context.tsx';
import { type ProgrammeHandles, programmeFileName, programmeRequestOf, useProgramme } from '../../state/programme.ts';
import { selectErrors } from '../../state/select.ts';
import { Button } from '../../ui/button.tsx';
import { Finding, KeyFigures } from '../../ui/figures.tsx';
import { AskedLine, EmptyState, ErrorState } from '../../ui/states.tsx';
import { type Answered, useAnswer } from '../people/use-answer.ts';
import { EmailWeeks } from './email-weeks.tsx';
import { ProgrammePanel } from './programme-panel.tsx';
import { figuresOf, Rests } from './programme-rests.tsx';
import { Collisions, Costs, Workflows } from './programme-tables.tsx';
import { programmeFinding } from './programme-words.ts';
import { useHeights } from './use-heights.ts';
import { Views } from './views.tsx';

const DRAWS = 1000;

export function Programme() {
  const handles = useProgramme();
  const errors = useWindow(selectErrors);
  const canAsk = useWindow((state) => programmeRequestOf(state, handles) !== null);
  const response = useWindow(({ workflow }) => workflow.response);
  const store = useWindowStore();
  const ask = () => asksOf(programmeRequestOf(store.getState(), handles));
  const { go, setSimulate } = useActions();
  const fileName = handles.files === null ? null : programmeFileName(handles.files);
  // What is copied as a command reads it.
  useEffect(() => setSimulate({ programmeFile: fileName }), [setSimulate, fileName]);
  const key = handles.files === null || !canAsk ? null : JSON.stringify(handles.files);
  const asked = useAnswer(key === null ? null : `together ${key}`, (api, _, options) =>
    api.replayProgramme({ ...ask(), log: null, shard: null, part: null }, options),
  );
  const costs = useAnswer(key === null ? null : `costs ${JSON.stringify(response)} ${key}`, (api, _, options) =>
    api.programmeCosts({ ...ask(), response, draws: DRAWS }, options),
  );
  const people = useAnswer(key === null ? null : `weeks ${key}`, (api, _, options) =>
    api.galleryProgramme(ask(), options),
  );
  const problem = handles.problem ?? asked.problem;
  return (
    <div className="simulate screen">
      {handles.problem !== null && asked.value !== null ? <Refused handles={handles} /> : null}
      {errors > 0 ? (
        <>
          <Views />
          <EmptyState
            heading="h1"
            title="The workflow has errors."
            action={<Button onClick={() => go('workflow')}>Show them</Button>}
          >
            Nothing can be replayed until the file of the open workflow is valid.
          </EmptyState>
        </>
      ) : asked.value !== null && handles.files !== null && asked.problem === null ? (
        <Told asked={asked} answer={asked.value} costs={costs} people={people} files={handles.files} />
      ) : problem !== null ? (
        <>
          <Views />
          <ErrorState
            heading="h1"
            title="The programme could not be replayed."
            details={problem.issues}
            action={<Button onClick={asked.again}>Try again</Button>}
          >
            {problem.message} The history and the files are untouched.
          </ErrorState>
        </>
      ) : handles.shelf !== null && handles.files === null ? (
        <>
          <Views />
          <EmptyState heading="h1" title="No workflow can be put into a programme.">
            None of the files beside the open workflow can run. The side panel says what is wrong with each; or open a
            programme file there.
          </EmptyState>
        </>
      ) : (
        <Views />
      )}
      <Working asked={asked} label="Replaying the programme" />
      {asked.isCurrent && <Working asked={costs} label="Replaying without each rule" />}
      <SidePanel
        label="Programme"
        own={<ProgrammePanel handles={handles} />}
        rests={<Rests answer={asked.value} costs={costs.value} />}
      />
    </div>
  );
}

function asksOf<T>(request: T | null): T {
  if (request === null) throw new Error('a programme is asked for that is none');
  return request;
}

/** Beside figures that stand: what was chosen could not be taken. */
function Refused({ handles: { problem, dropProblem } }: { readonly handles: ProgrammeHandles }) {
  if (problem === null) return null;
  return (
    <ErrorState
      title="The programme was not opened."
      details={problem.issues}
      action={<Button onClick={dropProblem}>Keep this one</Button>}
    >
      {problem.message}
    </ErrorState>
  );
}

function Working({ asked, label }: { readonly asked: Answered<unknown>; readonly label: string }) {
  if (asked.isCurrent || asked.askedAt === 0) return null;
  return (
    <div className="working">
      <AskedLine label={label} asked={asked} />
    </div>
  );
}

interface ToldProps {
  readonly asked: Answered<ProgrammeAnswer>;
  readonly answer: ProgrammeAnswer;
  readonly costs: Answered<ProgrammeCostsAnswer>;
  readonly people: Answered<ProgrammeGalleryAnswer>;
  readonly files: ProgrammeFiles;
}

function Told({ asked, answer, costs, people, files }: ToldProps) {
  const { isTall } = useHeights();
  const selection = useWindow(({ view }) => view.selection);
  const { select } = useActions();
  const isStale = !asked.isCurrent;
  const figures = figuresOf(answer);
  return (
    <>
      <Finding screen="Simulate" question="What do the workflows do together?" views={<Views />}>
        {programmeFinding(answer)}
      </Finding>
      <KeyFigures
        large
        figures={figures}
        selected={figures.find(({ key }) => key === selection)?.key ?? null}
        onSelect={(key) => select(key, 'rests')}
        stale={isStale}
      />
      <Workflows answer={answer} files={files} isStale={isStale} />
      <div className="two">
        <Collisions answer={answer} isStale={isStale} />
        <Costs costs={costs} />
      </div>
      {people.problem !== null && (
        <ErrorState
          title="Emails a week could not be counted."
          action={<Button onClick={people.again}>Try again</Button>}
        >
          {people.problem.message}
        </ErrorState>
      )}
      {people.value !== null && (
        <EmailWeeks weeks={people.value.weeks} height={isTall ? 220 : 150} isStale={!people.isCurrent} />
      )}
      {answer.warnings.length > 0 && (
        <section className="limits">
          <h2>What does not fit this history</h2>
          <ul>
            {answer.warnings.map((one) => (
              <li key={one} className="note">
                {one}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

// Where is a workflow worth building? Ranked moments of the history, each with its people, effect and interval; a workflow
// is made of one with a click, as an edit that can be undone.

import './moments.css';
import { useState } from 'react';
import type { MomentsAnswer, Stamp } from '../../../engine/api/index.ts';
import { plural } from '../../../engine/base/index.ts';
import { checkWorkflow, formatWorkflow, workflowSentence } from '../../../engine/workflow/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { selectQuestionStamp } from '../../state/select.ts';
import { Button } from '../../ui/button.tsx';
import { Chip, Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { RestsPanel } from '../../ui/rests-panel.tsx';
import { AskedLine, EmptyState, ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { useDatasetAnswer } from '../people/use-answer.ts';
import { MomentCount, MomentPeople } from './moment-people.tsx';
import {
  countsWords,
  effectText,
  GOES_TOGETHER,
  KIND_WORDS,
  limitsText,
  type Moment,
  momentsFinding,
  PATTERN_WORDS,
} from './moment-words.ts';

const QUESTION = 'Where is a workflow worth building?';
const FIRST = 10;

export default function Moments() {
  const dataset = useWindow(({ session }) => session.dataset);
  const { go } = useActions();
  const asked = useDatasetAnswer<MomentsAnswer>((api, request, options) => api.moments(request, options), 'moments');
  const { value, problem } = asked;
  if (dataset === null) {
    return (
      <EmptyState
        heading="h1"
        title="There is no history to look for moments in."
        action={<Button onClick={() => go('data')}>Load one</Button>}
      >
        Where people drop out, and what those do who stay, is counted in a history of events.
      </EmptyState>
    );
  }
  return (
    <div className="moments screen">
      {problem !== null ? (
        <ErrorState
          heading="h1"
          title="The moments could not be looked for."
          details={problem.issues}
          action={<Button onClick={asked.again}>Try again</Button>}
        >
          {problem.message} The history is untouched.
        </ErrorState>
      ) : (
        value !== null && <Found answer={value} isStale={!asked.isCurrent} />
      )}
      {!asked.isCurrent && (
        <div className="working">
          <AskedLine label="Looking for moments" asked={asked} />
        </div>
      )}
    </div>
  );
}

function Found({ answer, isStale }: { readonly answer: MomentsAnswer; readonly isStale: boolean }) {
  const { moments, notes } = answer;
  const [isAll, setAll] = useState(false);
  const selection = useWindow(({ view }) => view.selection);
  const stamp = useWindow(selectQuestionStamp);
  const { select, go, setWorkflowText, notify } = useActions();
  const shown = isAll ? moments : moments.slice(0, FIRST);
  const chosen = moments.find(({ title }) => selection === keyOf(title)) ?? moments[0] ?? null;
  const build = ({ title, workflow }: Moment) => {
    if (workflow === null) return;
    setWorkflowText(formatWorkflow(workflow), `build the workflow of ${title}`);
    notify(`Workflow built of ${title}`, { undo: true });
    go('workflow');
  };
  return (
    <>
      <Finding
        screen="Moments"
        question={QUESTION}
        sub={moments.length === 0 ? undefined : 'Ranked by people × the lower end of the interval.'}
      >
        {momentsFinding(answer)}
      </Finding>
      {moments.length > 0 && (
        <div className={isStale ? 'stale' : undefined}>
          <Table
            label="Moments, ranked"
            columns={[
              { label: 'Moment' },
              { label: 'Kind' },
              { label: 'People', align: 'right' },
              { label: 'Effect', align: 'right' },
              { label: '95% interval', align: 'right' },
              { label: <span className="sr-only">Build</span> },
            ]}
            rows={shown.map((moment) => ({
              key: moment.title,
              ...(moment === chosen ? { as: 'marked' as const } : {}),
              cells: [
                <div key="title" className="moment-title">
                  <Button
                    look="link"
                    aria-pressed={moment === chosen}
                    onClick={() => select(keyOf(moment.title), 'own')}
                  >
                    {moment.title}
                  </Button>
                  {moment.pattern !== null && <span className="moment-note">{PATTERN_WORDS[moment.pattern]}</span>}
                </div>,
                <div key="kind">
                  <span className={moment.kind === 'dropOff' ? 'moment-kind' : undefined}>
                    {KIND_WORDS[moment.kind]}
                  </span>
                  {moment.kind !== 'dropOff' && <span className="moment-note">{GOES_TOGETHER}</span>}
                </div>,
                <MomentCount key="people" moment={moment} did={moment.kind === 'dropOff'} hasOutcome={null} />,
                <div key="effect" className="moment-effect">
                  {effectText(moment)}
                  <Whisker moment={moment} />
                </div>,
                limitsText(moment),
                moment.workflow === null ? (
                  ''
                ) : (
                  <Button
                    edits
                    key="build"
                    aria-label={`Build workflow of ${moment.title}`}
                    onClick={() => build(moment)}
                  >
                    Build workflow
                  </Button>
                ),
              ],
            }))}
          />
        </div>
      )}
      {moments.length > FIRST && (
        <p>
          <Button look="text" onClick={() => setAll(!isAll)}>
            {isAll ? 'Show the first ones' : `Show ${plural(moments.length - FIRST, 'more moment')}`}
          </Button>
        </p>
      )}
      {notes.map((note) => (
        <p key={note} className="note">
          {note}
        </p>
      ))}
      <SidePanel
        label="Moment"
        own={<Own moment={chosen} onBuild={build} />}
        rests={<Rests moment={chosen} stamp={stamp} />}
      />
    </>
  );
}

const WIDE = 72;

/** The effect with its interval, on one scale from 0 to 100% for all rows; the table says the same in figures. */
function Whisker({ moment: { effect, low, high } }: { readonly moment: Moment }) {
  const x = (rate: number) => 4 + Math.max(0, Math.min(1, rate)) * (WIDE - 8);
  return (
    <svg className="moment-whisker" viewBox={`0 0 ${WIDE} 12`} aria-hidden="true">
      <line className="moment-scale" x1={x(0)} x2={x(1)} y1="6" y2="6" />
      <line className="moment-limits" x1={x(low)} x2={x(high)} y1="6" y2="6" />
      <circle cx={x(effect)} cy="6" r="3" />
    </svg>
  );
}

function keyOf(title: string): string {
  return `moment:${title}`;
}

function Own({ moment, onBuild }: { readonly moment: Moment | null; readonly onBuild: (moment: Moment) => void }) {
  if (moment === null) {
    return (
      <PanelSection>
        <p className="note">A moment is shown where at least 20 people can be followed.</p>
      </PanelSection>
    );
  }
  const { workflow } = moment;
  const checked = workflow === null ? null : checkWorkflow(workflow).workflow;
  return (
    <>
      <PanelSection>
        <p className="small">{KIND_WORDS[moment.kind]}</p>
        <p className="moment-chosen">{moment.title}</p>
        <div className="chips">
          <Chip kind="counted" />
        </div>
      </PanelSection>
      <PanelSection title="Why">
        <p className="note">{moment.why}</p>
      </PanelSection>
      <PanelSection title="People">
        <MomentPeople moment={moment} />
      </PanelSection>
      {checked !== null && (
        <PanelSection title="The workflow it would make">
          <p className="note">{workflowSentence(checked)}</p>
          <p className="note">
            It takes the place of the one that is open, which one undo brings back. Window and emails are a draft.
          </p>
          <Button edits look="primary" onClick={() => onBuild(moment)}>
            Build workflow
          </Button>
        </PanelSection>
      )}
    </>
  );
}

function Rests({ moment, stamp }: { readonly moment: Moment | null; readonly stamp: Stamp | null }) {
  const figure =
    moment === null
      ? null
      : {
          label: moment.title,
          value: effectText(moment),
          kind: 'counted' as const,
          words: `95% interval ${limitsText(moment)} (${moment.kind === 'dropOff' ? 'Wilson' : 'Mantel–Haenszel over strata of equal early activity, for all behaviours compared at once'}). ${countsWords(moment)}`,
          leftOut: 'People who cannot be followed to the end: they started too late in the history.',
          stamp,
        };
  return <RestsPanel figure={figure} assumptions={null} />;
}

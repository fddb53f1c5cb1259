// What each email could say: fill at the moment of sending, what stands where a value is missing, previews for people who
// tell, and subject lines counted over every send.

import { type ReactNode, useState } from 'react';
import type { PersonalizeAnswer } from '../../../engine/api/index.ts';
import { exactCount, instant, listed, plural, share } from '../../../engine/base/index.ts';
import {
  fallbackWords,
  fillSentence,
  oddSentences,
  PREVIEW_WORDS,
  SUBJECT_MAX,
} from '../../../engine/personalize/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Absent, Chip, Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { RestsPanel } from '../../ui/rests-panel.tsx';
import { Select } from '../../ui/select.tsx';
import { AskedLine, ErrorState } from '../../ui/states.tsx';
import { Facts, Table } from '../../ui/table.tsx';
import { peopleLink } from '../people/people-link.ts';
import { useAnswer } from '../people/use-answer.ts';
import { OF_WORDS, shownAs } from './words.ts';

const QUESTION = 'What can each email say?';
const MOST_UNUSED = 5;

type Property = PersonalizeAnswer['properties'][number];

export function Emails({ views }: { readonly views: ReactNode }) {
  const asked = useAnswer<PersonalizeAnswer>('personalize', (api, request, options) =>
    api.personalize(request, options),
  );
  const { value, problem } = asked;
  return (
    <>
      {problem !== null ? (
        <>
          {views}
          <ErrorState
            heading="h1"
            title="The emails could not be filled."
            details={problem.issues}
            action={<Button onClick={asked.again}>Try again</Button>}
          >
            {problem.message} The history and the workflow file are untouched.
          </ErrorState>
        </>
      ) : (
        value !== null && <Filled answer={value} views={views} isStale={!asked.isCurrent} />
      )}
      {!asked.isCurrent && problem === null && (
        <div className="working">
          <AskedLine label="Filling the emails" asked={asked} />
        </div>
      )}
    </>
  );
}

interface FilledProps {
  readonly answer: PersonalizeAnswer;
  readonly views: ReactNode;
  readonly isStale: boolean;
}

function Filled({ answer, views, isStale }: FilledProps) {
  const { properties, sends } = answer;
  const selection = useWindow(({ view }) => view.selection);
  const chosen = properties.find(({ name }) => selection === keyOf(name)) ?? properties[0] ?? null;
  return (
    <>
      <Finding
        screen="Personalize"
        question={QUESTION}
        views={views}
        sub={sends === 0 ? undefined : `${plural(sends, 'email')} in this history, each filled as of its own moment.`}
      >
        {fillSentence(answer)}
      </Finding>
      {sends > 0 && (
        <>
          <div className={isStale ? 'two stale' : 'two'}>
            <Properties properties={properties} chosen={chosen} />
            <Previews answer={answer} />
          </div>
          <div className={isStale ? 'stale' : undefined}>
            <Subjects answer={answer} />
          </div>
        </>
      )}
      <SidePanel
        label="Property"
        own={<Own property={chosen} />}
        rests={
          <RestsPanel
            figure={
              chosen === null
                ? null
                : {
                    label: chosen.name,
                    value: fillText(chosen),
                    kind: 'counted',
                    words: `Emails that the replay sends${chosen.uses.length === 0 ? '' : ' and that use it'}, and in how many ${shownAs(chosen)} was known at the moment of sending. Nothing later is read.`,
                    leftOut: 'People held out, who get no email.',
                    stamp: answer.stamp,
                  }
            }
            assumptions={null}
          />
        }
      />
    </>
  );
}

function keyOf(name: string): string {
  return `property:${name}`;
}

function fillText({ where }: Property): string {
  return where.sends === 0 ? 'no email' : `${exactCount(where.filled)} of ${exactCount(where.sends)}`;
}

function Properties({
  properties,
  chosen,
}: {
  readonly properties: readonly Property[];
  readonly chosen: Property | null;
}) {
  const [isAll, setAll] = useState(false);
  const { select } = useActions();
  const used = properties.filter(({ uses }) => uses.length > 0);
  const others = properties.filter(({ uses }) => uses.length === 0);
  const shown = [...used, ...(isAll ? others : others.slice(0, MOST_UNUSED))];
  return (
    <section>
      <h2>Properties when the email goes out</h2>
      <Table
        label="Properties and their fill"
        columns={[{ label: 'Property' }, { label: 'Filled', align: 'right' }, { label: 'Where missing' }]}
        rows={shown.map((property) => ({
          key: property.name,
          ...(property === chosen ? { as: 'marked' as const } : {}),
          cells: [
            <div key="name" className="personalize-name">
              <Button
                look="link"
                aria-pressed={property === chosen}
                onClick={() => select(keyOf(property.name), 'own')}
              >
                {property.name}
              </Button>
              <span className="personalize-note">
                {property.isKnown ? OF_WORDS[property.of] : 'known for nobody'}
                {property.uses.length === 0 ? ', not used' : ''}
                {property.uses.length > 0 && property.odd.length > 0 ? ', some would read wrong' : ''}
              </span>
            </div>,
            <div key="fill" className="personalize-fill">
              {property.where.sends === 0 ? '' : share(property.where.filled, property.where.sends)}
              <Bar part={property.where.filled} whole={property.where.sends} />
            </div>,
            property.uses.length === 0 ? '' : fallbackWords(property.uses),
          ],
        }))}
      />
      {others.length > MOST_UNUSED && (
        <p>
          <Button look="text" onClick={() => setAll(!isAll)}>
            {isAll ? 'Show fewer' : `Show ${plural(others.length - MOST_UNUSED, 'more property', 'more properties')}`}
          </Button>
        </p>
      )}
    </section>
  );
}

function Bar({ part, whole }: { readonly part: number; readonly whole: number }) {
  const filled = whole === 0 ? 0 : (48 * part) / whole;
  return (
    <svg className="personalize-bar" viewBox="0 0 48 6" preserveAspectRatio="none" aria-hidden="true">
      <rect className="personalize-bar-all" width="48" height="6" />
      <rect width={filled} height="6" />
    </svg>
  );
}

function Previews({ answer }: { readonly answer: PersonalizeAnswer }) {
  const { previews, subjects } = answer;
  const selection = useWindow(({ view }) => view.selection);
  const [step, setStep] = useState<string | null>(selection?.startsWith('step:') === true ? selection.slice(5) : null);
  const { go } = useActions();
  const steps = subjects.filter(({ sends }) => sends > 0);
  const chosen = steps.find((one) => one.step === step) ?? steps[0];
  const shown = previews.filter((one) => one.step === chosen?.step);
  return (
    <section>
      <div className="personalize-previews-head">
        <h2>As they would read</h2>
        <Select
          label="Email"
          hideLabel
          width={170}
          value={chosen?.step ?? null}
          options={steps.map((one) => ({ value: one.step, label: one.step, note: exactCount(one.sends) }))}
          onChange={setStep}
        />
      </div>
      <ul className="personalize-previews">
        {shown.map((preview) => (
          <li key={preview.kind} className="personalize-preview">
            <div className="personalize-preview-head">
              <span>{PREVIEW_WORDS[preview.kind]}</span>
              {preview.isInvented ? (
                <Chip>made-up value</Chip>
              ) : (
                <Button
                  look="link"
                  onClick={() => go('people', peopleLink({ person: preview.person, at: preview.at }))}
                >
                  {preview.person}, {instant(preview.at)}
                </Button>
              )}
            </div>
            {preview.reason !== null ? (
              <p className="field-error">{preview.reason}</p>
            ) : (
              <>
                <p className="personalize-subject" dir="auto">
                  {preview.subject === null ? (
                    <Absent>no subject line</Absent>
                  ) : preview.subject.trim() === '' ? (
                    <Absent>a blank subject line</Absent>
                  ) : (
                    preview.subject
                  )}
                </p>
                {preview.body !== null && (
                  <p className="personalize-body" dir="auto">
                    {preview.body}
                  </p>
                )}
              </>
            )}
            <p className="personalize-note">
              {[
                preview.subject === null ? null : plural(preview.length, 'character'),
                preview.length > SUBJECT_MAX ? `longer than ${SUBJECT_MAX}` : null,
                preview.replaced.length === 0 ? null : `replaced: ${listed(preview.replaced)}`,
                preview.empty.length === 0 ? null : `empty: ${listed(preview.empty)}`,
              ]
                .filter((words) => words !== null)
                .join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Subjects({ answer }: { readonly answer: PersonalizeAnswer }) {
  const right = (label: string) => ({ label, align: 'right' as const });
  return (
    <section>
      <h2>Subject lines</h2>
      <Table
        label="Subject lines over every email"
        columns={[
          { label: 'Email' },
          ...['Sent', 'Shortest', 'Median', 'Longest', `Over ${SUBJECT_MAX}`, 'With an empty name', 'Blank'].map(right),
        ]}
        rows={answer.subjects.map(({ step, sends, length, tooLong, empty, emptyNames, blank, problem, source }) => ({
          key: step,
          cells: [
            <div key="step" className="personalize-name">
              {step}
              <span className="personalize-note">{problem ?? source ?? 'no subject line'}</span>
            </div>,
            exactCount(sends),
            ...(length === null
              ? ['shortest', 'median', 'longest'].map((key) => <Absent key={key}>none</Absent>)
              : [length.shortest, length.median, length.longest].map((n) => exactCount(n))),
            exactCount(tooLong),
            empty === 0 ? '0' : `${exactCount(empty)} (${listed(emptyNames.map(({ name }) => name))})`,
            exactCount(blank),
          ],
        }))}
      />
      <p className="note">
        Lengths are characters as a reader counts them; most inboxes cut a line off near {SUBJECT_MAX}.
      </p>
    </section>
  );
}

function Own({ property }: { readonly property: Property | null }) {
  if (property === null) {
    return (
      <PanelSection>
        <p className="note">The history has no property, and the workflow defines none.</p>
      </PanelSection>
    );
  }
  const { name, steps, uses, example, isKnown } = property;
  return (
    <>
      <PanelSection>
        <p className="small">{isKnown ? OF_WORDS[property.of] : 'known for nobody'}</p>
        <p className="personalize-chosen">{name}</p>
        <div className="chips">
          <Chip kind="counted" />
        </div>
      </PanelSection>
      <PanelSection title="Filled, email by email">
        <Facts
          facts={steps.map(({ step, sends, filled }) => ({
            name: step,
            value: sends === 0 ? 'none sent' : `${exactCount(filled)} of ${exactCount(sends)}`,
            absent: sends === 0,
          }))}
        />
      </PanelSection>
      {property.odd.length > 0 && (
        <PanelSection title={uses.length === 0 ? 'Would read wrong in an email' : 'Would read wrong'}>
          {oddSentences(property).map((words) => (
            <p key={words} className="note personalize-odd">
              {words}
            </p>
          ))}
        </PanelSection>
      )}
      <PanelSection title="Used in">
        {uses.length === 0 ? (
          <p className="note">
            No email. Write <code>{`{{ ${name} }}`}</code> in a subject line or a text to show it.
          </p>
        ) : (
          <Facts
            facts={uses.map((use) => ({
              name: `${use.step}, ${use.part === 'subject' ? 'subject line' : 'text'}`,
              value: fallbackWords([use]) === 'nothing' ? 'nothing where missing' : `else ${fallbackWords([use])}`,
            }))}
          />
        )}
        {uses.some(({ hasDefault }) => !hasDefault) && property.where.filled < property.where.sends && (
          <p className="note">
            Add <code>{`| default: '...'`}</code> behind the name, so that something stands in its place.
          </p>
        )}
      </PanelSection>
      {example !== null && (
        <PanelSection title="For example">
          <p className="note" dir="auto">
            {example}
          </p>
        </PanelSection>
      )}
    </>
  );
}

// What happens to whom? The finding, the workflow as a sentence that can be edited, and the ledger of its replay; or the
// same file as JSON. Both edit one text with one undo history, saved as one goes.

import './workflow.css';
import { useMemo, useRef, useState } from 'react';
import type { PlacedIssue } from '../../../engine/api/index.ts';
import { sentence } from '../../../engine/base/index.ts';
import { PLAIN_TERMS, termsFor } from '../../../engine/report/index.ts';
import { checkWorkflow, type Workflow, type WorkflowFile } from '../../../engine/workflow/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow, useWindowStore } from '../../state/context.tsx';
import { selectAnswer, selectCurrency } from '../../state/select.ts';
import { Button } from '../../ui/button.tsx';
import { Finding } from '../../ui/figures.tsx';
import { RestsPanel } from '../../ui/rests-panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { missingIn } from '../data/event-edits.ts';
import { blindRules, blindWords } from './blind-rules.ts';
import { ChecksPanel, IssueList } from './checks-panel.tsx';
import type { KnownEvents } from './event-field.tsx';
import { JsonEditor, type Jump } from './json-editor.tsx';
import { Ledger } from './ledger.tsx';
import { ledgerRows } from './ledger-rows.ts';
import { NodePanel, panelTitle } from './node-panel.tsx';
import { PeopleSection, type PersonAt } from './people-panel.tsx';
import { PersonPanel } from './person-panel.tsx';
import { restsOf } from './rests.ts';
import { moveRule } from './rule-edits.ts';
import { SentenceLine } from './sentence-line.tsx';
import { sentenceParts } from './sentence-parts.ts';
import { moveEdit } from './sequence-edits.ts';
import { useEdit } from './use-edit.ts';
import { useShareHand } from './use-share-hand.ts';
import { finding, gateWords } from './words.ts';

interface Shown {
  readonly file: WorkflowFile;
  readonly workflow: Workflow;
}

export default function WorkflowScreen() {
  const { file, path, check, isChecked, problem } = useWindow((state) => state.workflow);
  const selection = useWindow(({ view }) => view.selection);
  const actions = useActions();
  const [jump, setJump] = useState<Jump | null>(null);
  const lastRow = useRef<string | null>(null);
  const { shown, isCurrent } = useLastValid(file);
  const isJson = selection === 'json';
  if (selection !== null && !isJson) lastRow.current = selection;

  if (path === null && problem !== null) {
    return (
      <ErrorState heading="h1" title="The workflow file could not be opened." details={problem.issues}>
        {problem.message}
      </ErrorState>
    );
  }
  const goTo = ({ line, column }: { readonly line: number | null; readonly column: number | null }) => {
    actions.select('json', 'own');
    setJump({ line, column });
  };
  const tabs = (
    <Segmented
      label="View of the workflow"
      value={isJson ? 'json' : 'timeline'}
      options={[
        { value: 'timeline', label: 'Timeline' },
        { value: 'json', label: 'JSON' },
      ]}
      onChange={(tab) => actions.select(tab === 'json' ? 'json' : lastRow.current)}
    />
  );
  if (isJson || shown === null) {
    return <JsonTab tabs={shown === null ? null : tabs} isCurrent={isCurrent} jump={jump} onGo={goTo} shown={shown} />;
  }
  const issues = isChecked ? (check?.issues ?? []) : [];
  return (
    <Timeline
      shown={shown}
      isCurrent={isCurrent}
      isReadable={file !== null}
      errors={issues.filter(({ severity }) => severity === 'error')}
      remarks={isCurrent ? issues.filter(({ severity }) => severity === 'warning') : []}
      limits={isCurrent ? (check?.limits ?? []) : []}
      selected={lastRow.current}
      tabs={tabs}
      onGo={goTo}
    />
  );
}

/** The file in its checked form; while it is not valid, as it last was. */
function useLastValid(file: WorkflowFile | null): { readonly shown: Shown | null; readonly isCurrent: boolean } {
  const last = useRef<Shown | null>(null);
  const now = useMemo(() => {
    const { workflow } = file === null ? { workflow: null } : checkWorkflow(file);
    return file === null || workflow === null ? null : { file, workflow };
  }, [file]);
  if (now !== null) last.current = now;
  return { shown: now ?? last.current, isCurrent: now !== null };
}

interface TimelineProps {
  readonly shown: Shown;
  readonly isCurrent: boolean;
  readonly isReadable: boolean;
  readonly errors: readonly PlacedIssue[];
  readonly remarks: readonly PlacedIssue[];
  readonly limits: readonly PlacedIssue[];
  readonly selected: string | null;
  readonly tabs: React.ReactNode;
  readonly onGo: (issue: PlacedIssue) => void;
}

function Timeline({ shown, isCurrent, isReadable, errors, remarks, limits, selected, tabs, onGo }: TimelineProps) {
  const { file, workflow } = shown;
  const answer = useWindow(selectAnswer('replay'));
  const describe = useWindow(selectAnswer('describe'));
  const people = useWindow(selectAnswer('people'));
  const [who, setWho] = useState<PersonAt | null>(null);
  const currency = useWindow(selectCurrency);
  const actions = useActions();
  const store = useWindowStore();
  const edit = useEdit();
  const isReadonly = useWindow(({ session }) => session.readonly !== null);
  const [remark] = remarks;
  const isStranger =
    describe.isCurrent &&
    missingIn(
      file,
      (describe.value?.names ?? []).map(({ name }) => name),
    ).length > 0;
  const blind = useMemo(() => blindRules(file, describe.value), [file, describe.value]);
  const share = useShareHand(file, edit);
  const held = share.replay ?? answer.value;
  const replay = limits.length > 0 || answer.status === 'failed' ? null : held;
  const keptOut = replay === null ? null : blindWords(blind, replay);
  // While the file is not valid nothing is asked, and the banner says whose figures these are.
  const isStale = isCurrent && (share.hand.isMoving ? share.isBehind : !answer.isCurrent);
  const parts = useMemo(() => sentenceParts(file, workflow, currency), [file, workflow, currency]);
  const rows = useMemo(() => ledgerRows(workflow, replay), [workflow, replay]);
  const row = rows.find(({ key }) => key === selected) ?? rows.find(({ kind }) => kind === 'step') ?? rows[0];
  if (row === undefined) return null;
  const terms =
    workflow.trigger.type === 'inaction'
      ? termsFor(workflow.trigger.after.event, workflow.goal.match.event)
      : { ...PLAIN_TERMS, ...termsFor('', workflow.goal.match.event) };
  const open = (key: string) => {
    actions.select(key, 'own');
    setTimeout(() => document.querySelector<HTMLElement>('.panel :is(input, textarea, .select-trigger)')?.focus());
  };
  const move = (key: string, by: 1 | -1) => {
    const moved = rows.find((one) => one.key === key);
    const now = store.getState().workflow.file;
    if (now === null || !isCurrent) return;
    const change =
      moved?.kind === 'step'
        ? moveEdit(now, moved.at, by)
        : moved?.kind === 'gate' && moved.index !== null
          ? moveRule(now, moved.index, by)
          : null;
    if (change !== null && edit.set(change.settings, change.label) === null && !isReadonly)
      actions.select(change.select);
  };
  const title = row.kind === 'gate' ? gateWords(row, file, workflow, currency).title : panelTitle(row);
  return (
    <div className="workflow screen">
      <Finding
        screen="Workflow"
        question="What happens to whom?"
        actions={tabs}
        sub={
          keptOut !== null ? (
            <>
              {keptOut.words}{' '}
              <Button look="link" onClick={() => open(`rule:${keptOut.rule.id}`)}>
                Edit it
              </Button>
            </>
          ) : remark === undefined ? undefined : (
            <Remark first={remark} more={remarks.length - 1} onGo={onGo} isStranger={isStranger} />
          )
        }
      >
        {replay === null ? unansweredWords(limits.length, answer.status) : finding(replay, workflow)}
      </Finding>
      {!isCurrent && (
        <div className="banner" role="status">
          <span>
            {isReadable ? 'The file has errors' : 'The file is not JSON just now'}
            {errors[0] === undefined ? '' : `: ${errors[0].message.replace(/[.]$/, '')}`}. Below is the workflow as it
            last was, with its figures.
          </span>
          <Button onClick={() => onGo(errors[0] ?? NO_PLACE)}>Show in JSON</Button>
        </div>
      )}
      {limits.length > 0 && (
        <div className="banner banner-list" role="status">
          <div>
            <p>It is valid, but these parts cannot be replayed, so it has no counts:</p>
            <IssueList issues={limits} as="Limit" onGo={onGo} />
          </div>
        </div>
      )}
      {limits.length === 0 && answer.status === 'failed' && answer.problem !== null && (
        <ErrorState
          title="The workflow could not be replayed."
          details={answer.problem.issues}
          action={<Button onClick={() => actions.askAgain('replay')}>Try again</Button>}
        >
          {answer.problem.message} The history and the workflow file are untouched.
        </ErrorState>
      )}
      <SentenceLine parts={parts} events={describe.value?.names ?? []} edit={edit} disabled={!isCurrent} />
      <Ledger
        rows={rows}
        file={file}
        workflow={workflow}
        replay={replay}
        absence={replay === null && (limits.length > 0 || answer.status === 'failed') ? 'not replayed' : null}
        isStale={isStale}
        selected={row.key}
        currency={currency}
        share={share.value}
        hand={isCurrent && !isReadonly ? share.hand : null}
        onSelect={(key) => {
          setWho(null);
          actions.select(key);
        }}
        onOpen={open}
        onMove={move}
      />
      <SidePanel
        label={who === null ? panelTitle(row) : 'Person'}
        own={
          who !== null ? (
            <PersonPanel key={`${who.person}@${who.at}`} who={who} onBack={() => setWho(null)} />
          ) : (
            <>
              <NodePanel
                row={row}
                file={file}
                workflow={workflow}
                parts={parts}
                replay={replay}
                isStale={isStale}
                terms={terms}
                currency={currency}
                events={describe.value?.names ?? NO_EVENTS}
                edit={edit}
                disabled={!isCurrent}
              />
              {replay !== null && (
                <PeopleSection
                  people={people}
                  isStale={isCurrent && !people.isCurrent}
                  onExplain={(one) => {
                    setWho(one);
                    actions.setPanelTab('own');
                  }}
                />
              )}
            </>
          )
        }
        rests={<RestsPanel figure={replay === null ? null : restsOf(row, replay, title)} assumptions={null} />}
      />
    </div>
  );
}

interface RemarkProps {
  readonly first: PlacedIssue;
  readonly more: number;
  readonly onGo: TimelineProps['onGo'];
  /** Whether names of the history can be put in the place of the workflow's. */
  readonly isStranger: boolean;
}

function Remark({ first, more, onGo, isStranger }: RemarkProps) {
  const { go } = useActions();
  return (
    <>
      {sentence(first.message)}{' '}
      <Button look="link" onClick={() => onGo(first)}>
        {more === 0 ? 'Show in JSON' : `Show it and ${more} more in JSON`}
      </Button>
      {isStranger && (
        <>
          {' or '}
          <Button look="link" onClick={() => go('data')}>
            say which events are meant
          </Button>
        </>
      )}
    </>
  );
}

interface JsonTabProps {
  readonly tabs: React.ReactNode;
  readonly isCurrent: boolean;
  readonly shown: Shown | null;
  readonly jump: Jump | null;
  readonly onGo: (issue: PlacedIssue) => void;
}

function JsonTab({ tabs, isCurrent, shown, jump, onGo }: JsonTabProps) {
  const { text, check, isChecked, path } = useWindow((state) => state.workflow);
  const answer = useWindow(selectAnswer('replay'));
  const isReadonly = useWindow(({ session }) => session.readonly !== null);
  const actions = useActions();
  const limits = check?.limits ?? [];
  const issues = useMemo(
    () =>
      !isChecked || check === null
        ? null
        : [...check.issues, ...check.limits.map((limit) => ({ ...limit, severity: 'warning' as const }))],
    [check, isChecked],
  );
  if (path === null) return null;
  const errors = (check?.issues ?? []).filter(({ severity }) => severity === 'error').length;
  const words =
    errors > 0
      ? `The file has ${errors === 1 ? 'an error' : `${errors} errors`}, so nothing is counted until it is put right.`
      : isCurrent && shown !== null && answer.value !== null && limits.length === 0
        ? finding(answer.value, shown.workflow)
        : unansweredWords(limits.length, answer.status);
  return (
    <div className="workflow screen json-screen">
      <Finding screen="Workflow" question="What happens to whom?" actions={tabs}>
        {words}
      </Finding>
      <JsonEditor
        text={text}
        issues={issues}
        jump={jump}
        isReadonly={isReadonly}
        onChange={(next, line, burst) => actions.setWorkflowText(next, `edit line ${line} of the JSON`, burst)}
      />
      <SidePanel
        label="Checks"
        own={
          <ChecksPanel
            check={check}
            text={text}
            path={path}
            onGo={onGo}
            onFormat={(canonical) => actions.setWorkflowText(canonical, 'format the file')}
          />
        }
        rests={<RestsPanel figure={null} assumptions={null} />}
      />
    </div>
  );
}

function unansweredWords(limits: number, status: string): string {
  if (limits > 0) return 'This workflow cannot be replayed as it stands.';
  if (status === 'failed') return 'There is no answer: the replay failed.';
  return 'What the workflow would have done is being counted.';
}

const NO_EVENTS: KnownEvents = [];

const NO_PLACE: PlacedIssue = { at: '', message: '', severity: 'error', line: null, column: null };

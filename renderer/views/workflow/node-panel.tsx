// The side panel of the selected row: its fields, the equation its figures stand in, and the goal in both arms.

import type { ReplayAnswer } from '../../../engine/api/index.ts';
import { capital, count, humanDuration as duration, percent, sentence } from '../../../engine/base/index.ts';
import type { termsFor } from '../../../engine/report/index.ts';
import type { Workflow, WorkflowFile } from '../../../engine/workflow/index.ts';
import { useActions } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Swatch } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Facts } from '../../ui/table.tsx';
import { equationOf, termValue } from './adds-up.ts';
import { EndForm } from './end-form.tsx';
import type { KnownEvents } from './event-field.tsx';
import { JsonField } from './json-field.tsx';
import type { LedgerRow } from './ledger-rows.ts';
import { isWholeInForm, RuleActions, RuleForm } from './rule-form.tsx';
import type { SentencePart, SentenceValue } from './sentence-parts.ts';
import { addEdit } from './sequence-edits.ts';
import { StepForm } from './step-form.tsx';
import type { Edit } from './use-edit.ts';
import { ValueFields } from './value-fields.tsx';
import { valueAt } from './values.ts';
import { gateWords } from './words.ts';

export interface NodePanelProps {
  readonly row: LedgerRow;
  readonly file: WorkflowFile;
  readonly workflow: Workflow;
  readonly parts: readonly SentencePart[];
  readonly replay: ReplayAnswer | null;
  readonly isStale: boolean;
  readonly terms: ReturnType<typeof termsFor>;
  readonly currency: string | null;
  readonly events: KnownEvents;
  readonly edit: Edit;
  /** While the file on disk is not the one shown. */
  readonly disabled: boolean;
}

export function NodePanel(props: NodePanelProps) {
  const { row, replay, isStale } = props;
  return (
    <>
      {row.kind === 'step' ? <StepForm key={row.at} {...props} row={row} /> : <PartForm {...props} />}
      {replay !== null && (
        <div className={isStale ? 'stale' : undefined}>
          <AddsUp row={row} replay={replay} />
          {(row.kind === 'step' || row.kind === 'enrolled' || row.kind === 'end') && (
            <GoalByArm replay={replay} workflow={props.workflow} terms={props.terms} />
          )}
        </div>
      )}
    </>
  );
}

/** What the panel's tab is called. */
export function panelTitle(row: LedgerRow): string {
  switch (row.kind) {
    case 'trigger':
      return 'Trigger';
    case 'gate':
      return 'Rule';
    case 'enrolled':
      return 'Enrolled';
    case 'step':
      return `Email ${row.number}`;
    case 'end':
      return 'End';
  }
}

interface Part {
  readonly eyebrow: string;
  readonly title: string;
  readonly note: string | null;
  /** Paths its values stand under. */
  readonly under: readonly string[];
  /** Where it stands as a whole, to be edited as JSON. */
  readonly rows?: number;
  readonly whole: { readonly path: string; readonly label: string; readonly isOptional: boolean } | null;
}

function PartForm(props: NodePanelProps) {
  const { row, file, workflow, parts, events, edit, disabled } = props;
  const { select } = useActions();
  const part = partOf(props);
  const values = parts.filter(
    (one): one is SentenceValue => typeof one !== 'string' && part.under.some((path) => one.path.startsWith(path)),
  );
  const { whole } = part;
  const rule = row.kind === 'gate' && row.rule === 'suppress' ? row.index : null;
  const isEnd = row.kind === 'end';
  return (
    <PanelSection>
      <p className="small">{part.eyebrow}</p>
      <h2>{part.title}</h2>
      {part.note !== null && <p className="note">{part.note}</p>}
      {(values.length > 0 || whole !== null) && (
        <div className="form">
          {rule !== null && <RuleForm key={row.key} index={rule} {...{ file, events, edit, disabled }} />}
          {isEnd && <EndForm {...{ file, workflow, events, edit, disabled }} />}
          {!isEnd && (rule === null || !isWholeInForm(file, rule)) && (
            <ValueFields values={values} events={events} edit={edit} disabled={disabled} />
          )}
          {whole !== null && (
            <JsonField
              key={whole.path}
              label={whole.label}
              value={valueAt(file, whole.path)}
              placeholder="None"
              rows={part.rows ?? 7}
              disabled={disabled}
              onCommit={(value) =>
                value === null && !whole.isOptional
                  ? 'It cannot be empty'
                  : edit.set(
                      [{ path: whole.path, value }],
                      value === null ? `remove ${part.title}` : `edit ${part.title}`,
                    )
              }
            />
          )}
        </div>
      )}
      {(rule !== null || row.kind === 'enrolled' || (row.kind === 'gate' && row.rule === 'already')) && (
        <RuleActions index={rule} {...{ file, events, edit, disabled }} />
      )}
      {row.kind === 'enrolled' && workflow.sequence.length === 0 && (
        <div className="form-actions">
          <Button
            edits
            icon="plus"
            disabled={disabled}
            onClick={() => {
              const change = addEdit(file, null, [], '1h');
              if (edit.set(change.settings, change.label) === null) select(change.select);
            }}
          >
            Add email
          </Button>
        </div>
      )}
    </PanelSection>
  );
}

function partOf({ row, file, workflow, currency }: NodePanelProps): Part {
  switch (row.kind) {
    case 'gate': {
      const { title, words } = gateWords(row, file, workflow, currency);
      const base = { eyebrow: 'A candidate does not enroll', title, note: sentence(words), under: [], whole: null };
      if (row.rule === 'suppress') {
        const path = `suppress[${row.index}]`;
        return { ...base, under: [path], whole: { path, label: 'The rule as JSON', isOptional: false } };
      }
      if (row.rule === 'audience')
        return {
          ...base,
          under: ['audience'],
          whole: { path: 'audience', label: 'The audience as JSON', isOptional: true },
        };
      if (row.rule === 'reentry') return { ...base, under: ['reentry'] };
      if (row.rule === 'globalHoldout') return { ...base, under: ['globalHoldout'] };
      return base;
    }
    case 'enrolled':
      return {
        eyebrow: 'In one of two arms',
        title: 'Enrolled',
        note:
          workflow.holdout.fraction > 0
            ? "The arm is drawn from the person's id and the salt, so it is the same in every run and on every machine."
            : 'Everyone is mailed, so what would have come anyway can never be measured. A holdout of 15% would tell.',
        under: ['holdout'],
        whole: workflow.holdout.fraction > 0 ? null : { path: 'holdout', label: 'Holdout as JSON', isOptional: true },
      };
    case 'end':
      return {
        eyebrow: 'What ends a run',
        title: 'Goal and end',
        note: null,
        under: ['goal', 'exit'],
        rows: 3,
        whole: { path: 'exit', label: 'Exit as JSON', isOptional: true },
      };
    default:
      return {
        eyebrow: 'What starts it',
        title: 'Trigger',
        note: null,
        under: ['trigger'],
        whole: { path: 'trigger', label: 'The trigger as JSON', isOptional: false },
      };
  }
}

function AddsUp({ row, replay }: { readonly row: LedgerRow; readonly replay: ReplayAnswer }) {
  const terms = equationOf(row, replay);
  if (terms.length === 0) return null;
  return (
    <PanelSection title="Does it add up?">
      <Facts
        facts={terms.map((term) => ({
          name: term.as === 'total' ? <b className="total-name">{term.name}</b> : term.name,
          value: term.as === 'total' ? <span className="total-value">{termValue(term)}</span> : termValue(term),
        }))}
      />
    </PanelSection>
  );
}

function GoalByArm({
  replay,
  workflow,
  terms,
}: Pick<NodePanelProps, 'workflow' | 'terms'> & { readonly replay: ReplayAnswer }) {
  const { treated, holdout } = replay.goal;
  const incomplete = treated.incomplete + holdout.incomplete;
  const rate = ({ n, converted, rate: share, reason }: typeof treated) =>
    share === null
      ? { value: n === 0 ? 'nobody' : (reason ?? 'none to count'), absent: true }
      : { value: `${count(converted)} of ${count(n)}${converted === 0 ? '' : ` = ${percent(share, 2)}`}` };
  return (
    <PanelSection title={`${capital(terms.goals)} within ${duration(workflow.goal.withinMs)}, before any email effect`}>
      <Facts
        facts={[
          { name: 'Treated arm', ...rate(treated) },
          ...(workflow.holdout.fraction > 0
            ? [
                {
                  name: (
                    <>
                      <Swatch hue="holdout" /> Holdout
                    </>
                  ),
                  ...rate(holdout),
                },
              ]
            : []),
        ]}
      />
      <p className="note">
        A replay sends nothing, so a difference between the arms is no effect of these emails.
        {incomplete > 0 && ` ${count(incomplete)} runs with an unfinished goal window are left out.`}
      </p>
    </PanelSection>
  );
}

// What the checker says of the file: each problem with its path, a click from its place in the text.

import type { PlacedIssue, WorkflowCheckAnswer } from '../../../engine/api/index.ts';
import { sentence as asSentence, plural } from '../../../engine/base/index.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';

export interface ChecksPanelProps {
  readonly check: WorkflowCheckAnswer | null;
  readonly text: string;
  readonly path: string | null;
  readonly onGo: (issue: PlacedIssue) => void;
  readonly onFormat: (text: string) => void;
}

export function ChecksPanel({ check, text, path, onGo, onFormat }: ChecksPanelProps) {
  if (check === null) return null;
  const { issues, limits, sentence, canonical } = check;
  const errors = issues.filter(({ severity }) => severity === 'error');
  const title =
    errors.length > 0
      ? plural(errors.length, 'error', 'errors')
      : issues.length > 0
        ? plural(issues.length, 'remark', 'remarks')
        : 'No problems';
  return (
    <>
      <PanelSection>
        <p className="small">What the checker says</p>
        <h2>{title}</h2>
        {issues.length === 0 ? (
          <p className="note">The file is valid, and its events are in the history.</p>
        ) : (
          <IssueList issues={issues} onGo={onGo} />
        )}
      </PanelSection>
      {limits.length > 0 && (
        <PanelSection title="Cannot be replayed">
          <IssueList issues={limits} as="Limit" onGo={onGo} />
        </PanelSection>
      )}
      {sentence !== null && (
        <PanelSection title="Read as">
          <p className="note">{sentence}</p>
        </PanelSection>
      )}
      <PanelSection title="File">
        {path !== null && <p className="note file-path">{path}</p>}
        {canonical !== null && canonical !== text && (
          <div className="form-actions">
            <Button edits onClick={() => onFormat(canonical)}>
              Format
            </Button>
          </div>
        )}
      </PanelSection>
    </>
  );
}

export function IssueList({
  issues,
  as,
  onGo,
}: {
  readonly issues: readonly PlacedIssue[];
  /** In the place of error and remark. */
  readonly as?: string;
  readonly onGo: (issue: PlacedIssue) => void;
}) {
  return (
    <ul className="issues">
      {issues.map((issue) => (
        <li key={`${issue.at}: ${issue.message}`}>
          <button
            type="button"
            className={`issue issue-${as === undefined ? issue.severity : 'limit'}`}
            onClick={() => onGo(issue)}
          >
            <Icon name="warning" small />
            <span>
              <span className="issue-place">
                {as ?? (issue.severity === 'error' ? 'Error' : 'Remark')}
                {issue.at === '' ? '' : `, ${issue.at}`}
                {issue.line === null ? '' : `, line ${issue.line}`}
              </span>
              {asSentence(issue.message)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

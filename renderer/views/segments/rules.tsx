// By which rules, and what would fit this history better: taken over with a click, as an edit of the workflow's file.

import type { SegmentsAnswer } from '../../../engine/api/index.ts';
import { humanDuration, parseDuration, plural } from '../../../engine/base/index.ts';
import { useActions, useWindow } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { together } from '../../ui/words.ts';
import { type Kind, meaningOf, SOURCE_WORDS } from './segment-words.ts';

export function Rules({ answer, kind }: { readonly answer: SegmentsAnswer; readonly kind: Kind }) {
  const file = useWindow(({ workflow }) => workflow.file);
  const { setWorkflowAll, setWorkflow } = useActions();
  const proposed = answer.proposed.filter(({ path }) => path.startsWith(`${kind}.`));
  // Names that the rules in force do not have yet.
  const found = answer.found.filter(
    ({ path, events }) => path.startsWith(`${kind}.`) && JSON.stringify(ruleAt(file, path)) !== JSON.stringify(events),
  );
  return (
    <>
      <PanelSection title="What they mean">
        <dl className="segment-meanings">
          {meaningOf(answer, kind).map(([name, meaning]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{together(meaning)}</dd>
            </div>
          ))}
        </dl>
        <p className="note">{SOURCE_WORDS[answer.source]}</p>
      </PanelSection>
      {found.length > 0 && (
        <PanelSection title="Events found in this history">
          {found.map(({ path, why }) => (
            <p key={path} className="note">
              {why}
            </p>
          ))}
          <Button
            edits
            onClick={() =>
              setWorkflowAll(
                found.map(({ path, events }) => ({ path: `segments.${path}`, value: [...events] })),
                'tell segments by the events found',
              )
            }
          >
            Use these events
          </Button>
        </PanelSection>
      )}
      {proposed.length > 0 && (
        <PanelSection title="Would fit this history">
          {proposed.map(({ path, value, why }) => (
            <div key={path} className="segment-proposal">
              <p className="note">{why}</p>
              <Button
                edits
                onClick={() => setWorkflow(`segments.${path}`, value, `set ${WORDS[path] ?? path} to ${spoken(value)}`)}
              >
                Use {spoken(value)} for {WORDS[path] ?? path}
              </Button>
            </div>
          ))}
        </PanelSection>
      )}
    </>
  );
}

const WORDS: Readonly<Record<string, string>> = {
  'engagement.dormant': 'dormant',
  'engagement.power': 'power',
  'engagement.regular': 'regular',
  'lifecycle.lapsed': 'churned',
};

/** `45 d`; `13 days`. */
function spoken(value: number | string): string {
  return typeof value === 'number' ? plural(value, 'day') : humanDuration(parseDuration(value) ?? 0);
}

function ruleAt(file: Readonly<Record<string, unknown>> | null, path: string): unknown {
  let at: unknown = file?.['segments'];
  for (const key of path.split('.'))
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined;
  return at;
}

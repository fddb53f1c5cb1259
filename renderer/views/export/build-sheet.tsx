// The build sheet on the screen: what a person does at the service, step by step, each value to copy. What the service
// shows ticks itself; the rest is ticked by hand, and kept for as long as the step stays the same.

import type { EspSheet, EspSheetStep } from '../../../engine/api/index.ts';
import type { BlockTarget, SheetField } from '../../../engine/esp/index.ts';
import { useActions, useHost, useServiceActions } from '../../state/context.tsx';
import { ESP_NAMES } from '../../state/esp-names.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { copyOrSave } from '../../ui/copy-or-save.ts';
import { Checkbox } from '../../ui/toggles.tsx';
import { isStepDone, sheetCount } from './plan-words.ts';

export interface BuildSheetProps {
  readonly target: BlockTarget;
  readonly sheet: EspSheet;
}

export function BuildSheetList({ target, sheet }: BuildSheetProps) {
  const host = useHost();
  const { notify } = useActions();
  const save = async () => {
    try {
      const file = await host.api.espSheetFile({ target });
      if (await host.download(file)) notify(`Saved as ${file.name}; it prints on paper as it is`);
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <section>
      <div className="sheet-head">
        <h2>Build sheet</h2>
        <span className="small">{sheetCount(sheet)}; ticks are kept beside the workflow</span>
        <Button look="link" onClick={() => void save()}>
          Save to print
        </Button>
      </div>
      <ol className="build-sheet" aria-label="Build sheet">
        {sheet.steps.map((step) => (
          <Step key={step.key} target={target} step={step} />
        ))}
      </ol>
    </section>
  );
}

function Step({ target, step }: { readonly target: BlockTarget; readonly step: EspSheetStep }) {
  const { tick } = useServiceActions();
  const { n, title, ownWords, shared, own, isDone } = step;
  return (
    <li className="sheet-step">
      <span className="sheet-box">
        <Checkbox
          label={
            <span className="sheet-title">
              <span className="sheet-n">{n}</span> {title}
            </span>
          }
          checked={isStepDone(step)}
          disabled={isDone !== null}
          onChange={(next) => void tick(target, step.key, next)}
        />
        <span className="small sheet-seen">{seenWords(step, ESP_NAMES[target])}</span>
      </span>
      <div className="sheet-body">
        {ownWords.map((words) => (
          <p key={words}>{words}</p>
        ))}
        {shared.length > 0 && (
          <>
            <h3>The same in every one</h3>
            <Fields fields={shared} />
            <h3>In this one</h3>
          </>
        )}
        <Fields fields={own} />
      </div>
    </li>
  );
}

/** What ticks it; nothing where only eyes can. */
function seenWords({ isDone, check }: EspSheetStep, service: string): string {
  if (isDone === true) return `seen in ${service}`;
  if (isDone === false) return `not there yet; Verify ticks it`;
  return check.by === 'eye' ? '' : 'Verify ticks it';
}

function Fields({ fields }: { readonly fields: readonly SheetField[] }) {
  if (fields.length === 0) return null;
  return (
    <dl className="sheet-fields">
      {fields.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <code {...(value.length > 200 ? { tabIndex: 0 } : {})}>{value}</code>
            <IconButton icon="copy" label={`Copy ${name}`} small onClick={() => void copyOrSave(value, 'value.txt')} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

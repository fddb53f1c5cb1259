// The workflow as one sentence whose values can be edited where they stand.

import { together } from '../../ui/words.ts';
import type { SentencePart } from './sentence-parts.ts';
import type { Edit } from './use-edit.ts';
import { ValuePopover, type ValuePopoverProps } from './value-popover.tsx';

export interface SentenceLineProps {
  readonly parts: readonly SentencePart[];
  readonly events: ValuePopoverProps['events'];
  readonly edit: Edit;
  readonly disabled: boolean;
}

export function SentenceLine({ parts, events, edit, disabled }: SentenceLineProps) {
  return (
    <p className="sentence">
      {parts.map((part, i) =>
        typeof part === 'string' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: words have no name of their own
          <span key={i}>{together(part)}</span>
        ) : (
          <ValuePopover key={part.path} value={part} events={events} edit={edit} disabled={disabled} />
        ),
      )}
    </p>
  );
}

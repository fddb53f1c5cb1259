// A button that opens the system's file dialog.

import { useRef } from 'react';
import { useActions } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';

const READABLE = '.csv,.tsv,.psv,.txt,.json,.jsonl,.ndjson,.gz,.zst,.zip,.parquet';

export interface ChooseFilesProps {
  readonly look?: 'plain' | 'primary';
  readonly children: string;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
}

export function ChooseFiles({ look = 'plain', children, disabled = false, autoFocus = false }: ChooseFilesProps) {
  const input = useRef<HTMLInputElement>(null);
  const { addFiles } = useActions();
  return (
    <>
      <Button
        edits
        look={look}
        icon="plus"
        disabled={disabled}
        autoFocus={autoFocus}
        onClick={() => input.current?.click()}
      >
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={READABLE}
        onChange={(event) => {
          const chosen = [...(event.target.files ?? [])];
          // The same file can be chosen again after it was mended.
          event.target.value = '';
          void addFiles(chosen);
        }}
      />
    </>
  );
}

// A button that opens the system's file dialog for the results of a test.

import { useRef } from 'react';
import { Button } from '../../ui/button.tsx';
import { useResults } from './use-test.ts';

interface ChooseProps {
  readonly look?: 'plain' | 'primary';
  readonly children: string;
}

export function ChooseResults({ look = 'plain', children }: ChooseProps) {
  const input = useRef<HTMLInputElement>(null);
  const { take } = useResults();
  return (
    <>
      <Button look={look} icon="file" onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.tsv,.txt,.gz,.parquet"
        onChange={(event) => {
          const chosen = [...(event.target.files ?? [])];
          event.target.value = '';
          void take(chosen);
        }}
      />
    </>
  );
}

// People by a piece of their id, or of any address they had.

import { Field } from '../../ui/field.tsx';

export function SearchField({ text, onSearch }: { readonly text: string; readonly onSearch: (text: string) => void }) {
  return (
    <Field
      label="Find a person"
      value={text}
      show={(value) => value}
      placeholder="Id or address, or part of one"
      read={(value) => ({ value: value.trim() })}
      onCommit={onSearch}
    />
  );
}

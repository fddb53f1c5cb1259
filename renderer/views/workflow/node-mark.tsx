// The sign of a row on the time line.

import type { LedgerRow } from './ledger-rows.ts';

const PATHS: Readonly<Record<LedgerRow['kind'], string | null>> = {
  trigger: 'M8.8 1.8L3.5 9H8l-.8 5.2L12.5 7H8z',
  gate: null,
  enrolled: 'M3 8h4l4-4.5h2.5M7 8l4 4.5h2.5',
  step: 'M2.5 3.5h11v9h-11zM2.5 4l5.5 4.5L13.5 4',
  end: 'M4 4h8v8H4z',
};

export function NodeMark({ kind }: { readonly kind: LedgerRow['kind'] }) {
  const path = PATHS[kind];
  return (
    <span className={kind === 'gate' ? 'node-mark node-gate' : 'node-mark'} aria-hidden="true">
      {path !== null && (
        <svg className="ic" viewBox="0 0 16 16" aria-hidden="true">
          <path d={path} />
        </svg>
      )}
    </span>
  );
}

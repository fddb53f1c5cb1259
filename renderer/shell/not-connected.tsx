// What is shown where there is no host: before any state, so it stands alone.

import type { Problem } from '../state/types.ts';
import { ErrorState } from '../ui/states.tsx';

export function NotConnected({ problem }: { readonly problem: Problem }) {
  const isLocked = problem.code === 'NO_SESSION';
  return (
    <main className="full" aria-label="Foresend">
      <ErrorState title={isLocked ? 'This address opens nothing.' : 'Foresend does not answer.'}>
        {problem.message}{' '}
        {isLocked
          ? 'The address that npm start prints lets one browser in, once. If it was used already, stop Foresend with Ctrl C and run npm start again.'
          : 'Nothing is lost: the workspace is one file, written as a whole. Run npm start again, and reload.'}
      </ErrorState>
    </main>
  );
}

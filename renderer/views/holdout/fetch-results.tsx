// A test that runs at Klaviyo, read back: who became eligible, in which arm, and what became of them. Shown where the
// workflow was carried there and a key is at hand; nothing is written there.

import { useEffect, useState } from 'react';
import { plural } from '../../../engine/base/index.ts';
import { useActions, useAt, useHost, useServiceActions, useWindow } from '../../state/context.tsx';
import { problemOf } from '../../state/problem.ts';
import { requestOf } from '../../state/questions.ts';
import { Button } from '../../ui/button.tsx';
import { useResults } from './use-test.ts';

export function FetchResults() {
  const file = useWindow(({ workflow }) => workflow.file);
  const dataset = useWindow((state) => requestOf(state)?.dataset ?? null);
  const { standing } = useAt('klaviyo');
  const { show } = useServiceActions();
  const { run, notify } = useActions();
  const host = useHost();
  const results = useResults();
  const [isReading, setReading] = useState(false);
  const [words, setWords] = useState('');
  useEffect(() => show('klaviyo', { file, dataset }), [show, file, dataset]);
  if (standing === null || standing.key === null || standing.applies.length === 0) return null;
  const fetchTest = async () => {
    setReading(true);
    setWords('');
    try {
      const found = await run('reading the test back', (options) =>
        host.api.espFetchTest({ target: 'klaviyo' }, options),
      );
      if (found === null) return setWords('Stopped; what was read goes on from there the next time.');
      const { name, people, incomplete, notes } = found;
      const young = incomplete === 0 ? '' : `; the goal window of ${plural(incomplete, 'other')} is not over yet`;
      notify([`${plural(people, 'person', 'people')} read from Klaviyo${young}.`, ...notes].join(' '));
      await results.takeFrom(name, async () => found.file);
    } catch (error) {
      setWords(problemOf(error).message);
    } finally {
      setReading(false);
    }
  };
  return (
    <>
      <Button disabled={isReading} onClick={() => void fetchTest()}>
        {isReading ? 'Reading from Klaviyo' : 'Read it from Klaviyo'}
      </Button>
      <span className="small" role="status">
        {words}
      </span>
    </>
  );
}

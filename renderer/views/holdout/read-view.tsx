// Where a test is read: the way in for a file of results, what has become of it, and, once its columns are clear, what it
// says.

import { type ReactNode, useEffect, useRef } from 'react';
import { exactCount } from '../../../engine/base/index.ts';
import { takeDrops } from '../../shell/drop-target.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { ChooseResults } from './choose-results.tsx';
import { FetchResults } from './fetch-results.tsx';
import { ReadPanel } from './read-panel.tsx';
import { QUESTION, Reading } from './reading.tsx';
import { type Results, usePlans, useResults, useTesting } from './use-test.ts';

export function Read({ switcher }: { readonly switcher: ReactNode }) {
  usePlans();
  const [{ results }] = useTesting();
  const { take } = useResults();
  const latest = useRef(take);
  latest.current = take;
  useEffect(
    () =>
      takeDrops({
        title: 'Drop the results of a test',
        words: 'One row per person with its arm and its outcome. Nothing in the workspace changes.',
        take: (files) => void latest.current(files),
      }),
    [],
  );
  return (
    <>
      <Body results={results} switcher={switcher} />
      <SidePanel label="Results" own={<ReadPanel />} rests={<ReadRests />} />
    </>
  );
}

/** What there is to say of the file as far as it has come. */
function Body({ results, switcher }: { readonly results: Results | null; readonly switcher: ReactNode }) {
  const headed = (finding: string, words?: string, below?: ReactNode) => (
    <div className="screen">
      <Finding screen="Holdout" question={QUESTION} sub={words} actions={switcher}>
        {finding}
      </Finding>
      {below}
    </div>
  );
  if (results === null) {
    return headed(
      'No test is read yet.',
      'Load a file with one row per person, their arm and their outcome as 0 and 1: CSV, also packed, or Parquet. What “holdout fetch” writes can be read as it is. You can also drop the file here.',
      <div className="holdout-buttons">
        <ChooseResults look="primary">Choose a file</ChooseResults>
        <FetchResults />
      </div>,
    );
  }
  const { look, reading, isReading, problem, name } = results;
  if (problem !== null) {
    const isRead = look !== null;
    return headed(
      isRead ? 'Read like this, the file gives no answer.' : `${name} was not read.`,
      undefined,
      <ErrorState
        title={problem.message}
        details={problem.issues}
        action={isRead ? undefined : <ChooseResults>Choose another file</ChooseResults>}
      >
        {isRead ? 'Choose other columns in the side panel. ' : ''}Nothing else changed.
      </ErrorState>,
    );
  }
  if (look === null) return headed(`Reading ${name}`, 'Its columns are looked at first.');
  if (reading === null && isReading) return headed(`Reading ${name}`, 'Its rows are counted by arm.');
  if (reading === null) {
    return headed(
      'Which column is which?',
      `${name} has ${exactCount(look.rows)} rows. Say in the side panel which column holds the arm, which of its values was held out, and which column holds the outcome.`,
    );
  }
  return <Reading reading={reading} isStale={isReading} switcher={switcher} />;
}

function ReadRests() {
  return (
    <>
      <PanelSection title="In words">
        <p className="note">
          Everybody assigned is counted in the arm they were assigned to, whoever opened or got an email. That is the
          only figure here that is measured.
        </p>
      </PanelSection>
      <PanelSection title="Method">
        <p className="note">
          Sample ratio by chi-square; differences by Newcombe 1998 for one look, by the confidence sequence of
          Waudby-Smith et al. 2024 for any day; ratios by Katz; money by Welch, sharpened by CUPED where the past is
          known.
        </p>
      </PanelSection>
    </>
  );
}

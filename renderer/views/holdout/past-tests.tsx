// The tests that were locked here, the newest first: what each looked for, what was foretold when it was locked, and what
// its last look measured. Nothing is read anew; results of a test are read in "Read a test".

import { useEffect, useState } from 'react';
import { day, exactCount, percent, plural, points, range } from '../../../engine/base/index.ts';
import type { PastTest } from '../../../engine/holdout/index.ts';
import { useHost } from '../../state/context.tsx';
import { Table } from '../../ui/table.tsx';

export function PastTests() {
  const { api } = useHost();
  const [tests, setTests] = useState<readonly PastTest[]>([]);
  useEffect(() => {
    let isHere = true;
    api.holdoutPast().then(
      (found) => isHere && setTests(found),
      () => {},
    );
    return () => {
      isHere = false;
    };
  }, [api]);
  if (tests.length === 0) return null;
  return (
    <section aria-labelledby="past-tests">
      <h2 id="past-tests" className="holdout-title">
        Tests locked here
      </h2>
      <Table
        label="Foretold and measured, test by test"
        columns={[
          { label: 'Test' },
          { label: 'Looked for', align: 'right' },
          { label: 'Projected when locked', align: 'right' },
          { label: 'Measured, last look', align: 'right' },
        ]}
        rows={tests.map((test) => ({
          key: test.plan.hash,
          cells: [
            <span key="name">
              {test.plan.name}
              <br />
              <span className="small">{aboutWords(test)}</span>
            </span>,
            pp(test.plan.lift),
            test.plan.foretold === undefined ? 'nothing' : changeWords(test.plan.foretold.expected, test.plan.foretold),
            measuredWords(test),
          ],
        }))}
      />
    </section>
  );
}

function measuredWords({ measured }: PastTest): string {
  if (measured === null) return 'no look yet';
  const { difference, interval: limits } = measured;
  return changeWords(difference, limits === null ? null : { low: limits[0], high: limits[1] });
}

const pp = (x: number) => `${points(x)} pp`;

function changeWords(x: number, limits: { readonly low: number; readonly high: number } | null): string {
  return limits === null ? `${pp(x)}, too early for an interval` : `${pp(x)} (${range([limits.low, limits.high], pp)})`;
}

/** `Locked 3 Mar 2026, 10% held out. 2 looks, the last on 4 Apr 2026 at 5,200 people; it decides by one look.` */
function aboutWords({ plan, measured }: PastTest): string {
  const locked = `Locked ${day(Date.parse(plan.lockedAt))}, ${percent(plan.fraction)} held out.`;
  if (measured === null) return locked;
  const by = measured.decidedBy === 'newcombe' ? 'read once, at its end' : 'by the always-valid interval';
  const decided = measured.decided === null ? '' : ` Decided: the emails ${measured.decided} the rate.`;
  return `${locked} ${plural(measured.looks, 'look')}, the last on ${day(Date.parse(measured.at))} at ${exactCount(measured.people)} people, ${by}.${decided}`;
}

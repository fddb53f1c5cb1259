// What would settle it: the holdouts this traffic allows, and what else to keep in mind.

import type { ReactNode } from 'react';
import type { ProjectAnswer } from '../../../engine/api/index.ts';
import { count, percent, points, sentence, weeks } from '../../../engine/base/index.ts';
import { testInReach } from '../../../engine/projection/index.ts';
import type { Terms } from '../../../engine/report/index.ts';
import { useActions } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Table } from '../../ui/table.tsx';

/** A test that would take longer is none; its figures would only look precise. */
const LONGEST_WEEKS = 520;

export interface TestPanelProps {
  readonly projection: ProjectAnswer;
  readonly terms: Terms;
  /** What cannot be known here, where the screen itself has no room for it. */
  readonly limits: readonly string[];
  /** After what would settle it. */
  readonly children?: ReactNode;
}

export function TestPanel({ projection, terms, limits, children }: TestPanelProps) {
  const { cheapestTest, notices, warnings } = projection;
  const { offers, cheapest, smallestEffect } = testInReach(cheapestTest);
  const effect = smallestEffect === null ? 'it' : `${points(smallestEffect)} percentage points`;
  const said = [...warnings, ...notices];
  const lasting = offers.filter((offer) => offer.weeks <= LONGEST_WEEKS);
  const { go } = useActions();
  return (
    <>
      <PanelSection title="What would settle it">
        <p className="note">{sentence(cheapestTest.text)}</p>
        {lasting.length > 0 && <p className="note">To tell {effect} from none:</p>}
        {lasting.length > 0 && (
          <div className="panel-table">
            <Table
              label={`Holdouts that would tell ${effect} from none`}
              compact
              columns={[
                { label: 'Held out' },
                { label: 'Runs for', align: 'right' },
                { label: 'People', align: 'right' },
                { label: 'Given up', align: 'right' },
              ]}
              rows={lasting.map((offer) => ({
                key: String(offer.fraction),
                cells: [
                  percent(offer.fraction),
                  weeks(offer.weeks),
                  count(offer.holdout),
                  count(offer.foregoneConversions),
                ],
                ...(offer.fraction === cheapest?.fraction ? { as: 'marked' as const } : {}),
              }))}
            />
          </div>
        )}
        {offers.length > 0 && (
          <p className="note">
            {lasting.length === 0
              ? `No share held out tells ${effect} from none within ten years.`
              : `A larger share answers sooner and gives up more ${terms.goals}.${cheapest === null ? '' : ' Marked: the cheapest that answers in time.'}`}
          </p>
        )}
        <Button look="link" onClick={() => go('holdout')}>
          Plan a holdout
        </Button>
      </PanelSection>
      {children}
      {limits.length > 0 && (
        <PanelSection title="What cannot be known here">
          {limits.map((one) => (
            <p key={one} className="note">
              {one}
            </p>
          ))}
        </PanelSection>
      )}
      {said.length > 0 && (
        <PanelSection title="Keep in mind">
          {said.map((one) => (
            <p key={one} className="note">
              {/^[a-z]+[.[]/.test(one) ? one : sentence(one)}
            </p>
          ))}
        </PanelSection>
      )}
    </>
  );
}

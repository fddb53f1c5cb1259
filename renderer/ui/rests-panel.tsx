// What the selected figure rests on, in one order for all: value, words, inputs, what was left out, what would narrow it,
// the stamp.

import type { ReactNode } from 'react';
import type { Stamp } from '../../engine/api/index.ts';
import { type AssumptionLike, Assumptions } from './assumptions.tsx';
import { Button } from './button.tsx';
import { Chip, type FigureKind } from './figures.tsx';
import { PanelSection } from './panel-section.tsx';

export interface RestsOn {
  readonly label: string;
  readonly value: ReactNode;
  readonly kind: FigureKind;
  readonly words: ReactNode;
  readonly leftOut: ReactNode;
  readonly stamp: Stamp | null;
}

export interface RestsPanelProps {
  readonly figure: RestsOn | null;
  /** What is projected on this screen assumes these; null where nothing is. */
  readonly assumptions: readonly AssumptionLike[] | null;
  /** To where a test is planned that would tell; absent where none can. */
  readonly onPlan?: () => void;
}

export function RestsPanel({ figure, assumptions, onPlan }: RestsPanelProps) {
  if (figure === null) {
    return (
      <PanelSection>
        <p className="note">Select a figure to see what it rests on: its rows, its assumptions, what was left out.</p>
      </PanelSection>
    );
  }
  return (
    <>
      <PanelSection>
        <p className="small">{figure.label}</p>
        <p className="big">{figure.value}</p>
        <div className="chips">
          <Chip kind={figure.kind} />
        </div>
      </PanelSection>
      <PanelSection title="In words">
        <p className="note">{figure.words}</p>
      </PanelSection>
      {figure.kind === 'projected' && assumptions !== null ? (
        <PanelSection title="Inputs">
          <Assumptions assumptions={assumptions} />
        </PanelSection>
      ) : (
        <PanelSection title="Inputs">
          <p className="note">The events of the history alone. Nothing is assumed.</p>
        </PanelSection>
      )}
      <PanelSection title="Left out">
        <p className="note">{figure.leftOut}</p>
      </PanelSection>
      {figure.kind === 'projected' && onPlan !== undefined && (
        <PanelSection title="What would narrow it">
          <p className="note">
            It rests on assumptions. A randomised holdout measures what they stand for.{' '}
            <Button look="link" onClick={onPlan}>
              Plan a holdout
            </Button>
          </p>
        </PanelSection>
      )}
      {figure.stamp !== null && (
        <PanelSection title="Stamp">
          <p className="mono">
            data {figure.stamp.history.slice(0, 8)} · workflow {figure.stamp.workflow.slice(0, 8)} · v
            {figure.stamp.version} · seed {figure.stamp.seed}
          </p>
        </PanelSection>
      )}
    </>
  );
}

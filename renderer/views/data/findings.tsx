// What was noticed in the chosen dataset, what each finding moves, and its remedy: applied as an edit that Undo knows, and
// named as long as it is in force. What a finding moves is asked apart, since it takes a replay for each.

import { useEffect, useState } from 'react';
import type { DescribeAnswer } from '../../../engine/api/index.ts';
import { capital, plural, sentence } from '../../../engine/base/index.ts';
import { type Finding, type FindingMoves, moveRows } from '../../../engine/describe/index.ts';
import { type Remedy, remedyAction, remedyWords } from '../../../engine/remedies/index.ts';
import { useActions, useHost } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { Table } from '../../ui/table.tsx';
import { inWindow } from './words.ts';

export interface FindingsProps {
  readonly dataset: string;
  readonly fingerprint: string;
  readonly found: DescribeAnswer;
}

export function Findings({ dataset, fingerprint, found: { quality, remedies } }: FindingsProps) {
  const actions = useActions();
  const isMendable = quality.some(({ repair }) => repair !== undefined);
  const moves = useMoves(dataset, fingerprint, isMendable);
  return (
    <>
      {remedies.length > 0 && (
        <Mended
          remedies={remedies}
          takeBack={({ id, ...remedy }) =>
            void actions.takeBackRemedy(dataset, id, remedyWords({ id, ...remedy } as Remedy))
          }
        />
      )}
      <PanelSection title={quality.length === 0 ? 'What was noticed' : `${plural(quality.length, 'thing')} noticed`}>
        {quality.length === 0 && <p className="note">Nothing that would move figures.</p>}
        {quality.map((finding) => (
          <One
            key={finding.id}
            finding={finding}
            moves={moves === null ? null : moves.get(finding.id)}
            apply={(words) => void actions.applyRemedy(dataset, finding.id, words)}
          />
        ))}
      </PanelSection>
    </>
  );
}

/** @param moves null while they are counted, undefined where they could not be */
function One({
  finding: { id, title, evidence, effect, remedy, repair },
  moves,
  apply,
}: {
  readonly finding: Finding;
  readonly moves: FindingMoves | null | undefined;
  readonly apply: (words: string) => void;
}) {
  return (
    <div className="data-finding">
      <b>{title}</b>
      <p>{evidence}</p>
      <p>{sentence(effect)}</p>
      {repair !== undefined && moves === null && <p className="data-counting">Counting what it moves.</p>}
      {moves != null && (
        <Table
          compact
          label={`What ${id} moves`}
          columns={[
            { label: `“${moves.anchor}” to “${moves.goal}”` },
            { label: 'Now', align: 'right' },
            { label: 'Mended', align: 'right' },
          ]}
          rows={moveRows(moves).map(({ key, name, before, after }) => ({
            key,
            cells: [capital(name), before, after],
          }))}
        />
      )}
      <p>{sentence(inWindow(remedy))}</p>
      {repair !== undefined && (
        <Button edits onClick={() => apply(remedyWords(repair))}>
          {remedyAction(repair)}
        </Button>
      )}
    </div>
  );
}

function Mended({
  remedies,
  takeBack,
}: {
  readonly remedies: readonly Remedy[];
  readonly takeBack: (remedy: Remedy) => void;
}) {
  return (
    <PanelSection title="Mended, in every figure">
      {remedies.map((remedy) => (
        <div key={remedy.id} className="data-mended">
          <span>{sentence(capital(remedyWords(remedy)))}</span>
          <Button edits look="link" aria-label={`Take back: ${remedyWords(remedy)}`} onClick={() => takeBack(remedy)}>
            Take back
          </Button>
        </div>
      ))}
    </PanelSection>
  );
}

/** By finding; null until they are there. @param isWanted whether any finding has some */
function useMoves(dataset: string, fingerprint: string, isWanted: boolean): ReadonlyMap<string, FindingMoves> | null {
  const { api } = useHost();
  const of = `${dataset} ${fingerprint}`;
  const [found, setFound] = useState<{ of: string; moves: ReadonlyMap<string, FindingMoves> } | null>(null);
  useEffect(() => {
    if (!isWanted) return;
    const ended = new AbortController();
    const keep = (quality: readonly Finding[]) => {
      const moves = quality.flatMap(({ id, moves: one }) => (one === undefined ? [] : [[id, one] as const]));
      if (!ended.signal.aborted) setFound({ of, moves: new Map(moves) });
    };
    // Findings are shown without them where they cannot be counted.
    api.describe({ dataset, moves: true }, { signal: ended.signal }).then(
      ({ quality }) => keep(quality),
      () => keep([]),
    );
    return () => ended.abort();
  }, [api, dataset, of, isWanted]);
  return found?.of === of ? found.moves : null;
}

// From one second on: what is being calculated, how far it is, and a way to stop it. It lies over the foot of the screen,
// so that nothing moves when it comes and goes.

import { useActions, useWindow } from '../state/context.tsx';
import { ANSWER_KINDS } from '../state/questions.ts';
import type { AnswerKind } from '../state/types.ts';
import { ProgressLine } from '../ui/states.tsx';

export const ANSWER_NAMES: Readonly<Record<AnswerKind, string>> = {
  describe: 'description',
  windows: 'windows',
  replay: 'replay',
  calibrate: 'calibration',
  traffic: 'traffic',
  sweep: 'sweep',
  project: 'projection',
  breakdown: 'running total',
  people: 'people',
};

export function Working() {
  const answers = useWindow((state) => state.answers);
  const { cancelAnswer } = useActions();
  const [longest] = ANSWER_KINDS.filter((kind) => answers[kind].status === 'asking').sort(
    (a, b) => (answers[a].askedAt ?? 0) - (answers[b].askedAt ?? 0),
  );
  if (longest === undefined) return null;
  const { progress, askedAt } = answers[longest];
  return (
    <div className="working">
      <ProgressLine
        key={`${longest}-${askedAt}`}
        label={`Calculating the ${ANSWER_NAMES[longest]}`}
        progress={progress}
        startedAt={askedAt ?? 0}
        onCancel={() => cancelAnswer(longest)}
      />
    </div>
  );
}

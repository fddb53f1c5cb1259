// How a launch is set: when, how those waiting are let in, what is too old.

import { humanDuration as duration, formatDuration, parseDuration } from '../../../engine/base/index.ts';
import { useActions, useWindow } from '../../state/context.tsx';
import type { LaunchChoice } from '../../state/simulate-view.ts';
import { Field, type Reading } from '../../ui/field.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { readDuration, readNumber } from '../../ui/readings.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { momentText, readMoment } from '../data/words.ts';
import { type Launch, perDayFor } from './launch-words.ts';

/** Of a ramp, before another is said. */
const DAYS = 4;

export function LaunchPanel({ launch }: { readonly launch: Launch | null }) {
  const choice = useWindow(({ view }) => view.simulate.launch);
  const { setSimulate } = useActions();
  const set = (change: Partial<LaunchChoice>) => setSimulate({ launch: { ...choice, ...change } });
  const waiting = launch?.backlog.waiting ?? 0;
  const ramp = choice.perDay === null ? 'once' : choice.perDay === 0 ? 'none' : 'ramp';
  return (
    <>
      <PanelSection title="Switched on">
        <Field
          label="When"
          value={choice.at}
          show={momentText}
          read={readMoment}
          onCommit={(at) => set({ at })}
          placeholder={launch === null ? 'a week before the end' : momentText(launch.at)}
          hint={
            choice.at === null
              ? 'UTC. A week before the history ends, so that the first week can be seen.'
              : 'UTC. Nothing later is read to say who waits.'
          }
        />
      </PanelSection>
      <PanelSection title="Those waiting">
        <div className="launch-fields">
          <Segmented
            label="How they are let in"
            value={ramp}
            options={[
              { value: 'once', label: 'At once' },
              { value: 'ramp', label: 'Some a day' },
              { value: 'none', label: 'None' },
            ]}
            onChange={(next) =>
              set({ perDay: next === 'once' ? null : next === 'none' ? 0 : (perDayFor(waiting, DAYS) ?? 1) })
            }
          />
          {ramp === 'ramp' && (
            <>
              <Field
                label="People a day"
                value={choice.perDay ?? 1}
                show={String}
                read={(text) => readNumber(text, { least: 1, whole: true })}
                onCommit={(perDay) => set({ perDay })}
              />
              <div className="launch-order">
                <span className="field-label">Whose turn comes first</span>
                <Segmented
                  label="Whose turn comes first"
                  value={choice.order}
                  options={[
                    { value: 'newest', label: 'Newest' },
                    { value: 'oldest', label: 'Oldest' },
                  ]}
                  onChange={(order) => set({ order })}
                />
              </div>
            </>
          )}
          <Field
            label="Too old after"
            value={choice.maxAge}
            show={(ms) => (ms === null ? '' : formatDuration(ms))}
            read={readAge}
            onCommit={(maxAge) => set({ maxAge })}
            placeholder={launch === null ? 'the goal window' : formatDuration(launch.maxAgeMs)}
            hint={
              choice.maxAge === null && launch !== null
                ? `The goal window, ${duration(launch.maxAgeMs)}.`
                : 'Since the trigger. Empty: the goal window.'
            }
          />
        </div>
      </PanelSection>
      <PanelSection title="How it is counted">
        <p className="note">
          Until the launch the trigger watches and nobody is enrolled. Whoever waits is asked every rule at the launch,
          and again when their turn comes; who has bought by then is gone. From then on the workflow runs as ever.
        </p>
        {(launch?.backlog.notes ?? []).map((note) => (
          <p key={note} className="note">
            {note}
          </p>
        ))}
      </PanelSection>
    </>
  );
}

function readAge(text: string): Reading<number | null> {
  if (text === '') return { value: null };
  const reading = readDuration(text, '7d');
  return 'error' in reading ? reading : { value: parseDuration(reading.value) };
}

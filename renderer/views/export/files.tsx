// What is handed over as files: the one-page report, the workflow, the figures, the charts. Each is made by the engine
// when asked for and saved once.

import { type ReactNode, useRef, useState } from 'react';
import type { ExportKind, Progress } from '../../../engine/api/index.ts';
import { count, plural } from '../../../engine/base/index.ts';
import { emailsSent } from '../../../engine/projection/index.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useHost, useWindow, useWindowStore } from '../../state/context.tsx';
import { requestOf } from '../../state/questions.ts';
import { selectAnswer, selectStamp } from '../../state/select.ts';
import { Button } from '../../ui/button.tsx';
import { Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { ProgressLine } from '../../ui/states.tsx';
import { ChartFiles } from './charts.tsx';

interface Handed {
  readonly kind: ExportKind;
  readonly title: string;
  readonly holds: string;
  readonly verb: string;
}

const HANDED: readonly Handed[] = [
  {
    kind: 'report',
    title: 'The report, one page',
    holds: 'Decision, expected range, windows, assumptions, how we will know. Opens anywhere, fetches nothing.',
    verb: 'Save report',
  },
  {
    kind: 'workflow',
    title: 'The workflow, JSON',
    holds: 'The file in its canonical form, for git and for the command line.',
    verb: 'Save workflow',
  },
  {
    kind: 'figures-csv',
    title: 'The figures, CSV',
    holds: 'One row a figure: name, value, interval, unit and kind. For a spreadsheet.',
    verb: 'Save CSV',
  },
  {
    kind: 'figures-parquet',
    title: 'The figures, Parquet',
    holds: 'The same rows, typed. For a notebook.',
    verb: 'Save Parquet',
  },
];

interface Making {
  readonly kind: ExportKind;
  readonly startedAt: number;
  readonly progress: Progress | null;
}

type Outcome = { readonly saved: string } | { readonly problem: string };

/** @param places the way to the email services */
export function Files({ places }: { readonly places: ReactNode }) {
  const host = useHost();
  const store = useWindowStore();
  const replay = useWindow(selectAnswer('replay')).value;
  const [making, setMaking] = useState<Making | null>(null);
  const [outcomes, setOutcomes] = useState<Readonly<Partial<Record<ExportKind, Outcome | undefined>>>>({});
  const aborter = useRef<AbortController | null>(null);

  const make = async (kind: ExportKind) => {
    const state = store.getState();
    const request = requestOf(state);
    if (request === null) return;
    const controller = new AbortController();
    aborter.current = controller;
    setMaking({ kind, startedAt: performance.now(), progress: null });
    const end = (outcome: Outcome | null) => setOutcomes((before) => ({ ...before, [kind]: outcome ?? undefined }));
    try {
      const onProgress = (progress: Progress) => setMaking((now) => (now === null ? null : { ...now, progress }));
      const answer = await host.api.exportFile(
        { ...request, kind, response: state.workflow.response },
        { signal: controller.signal, onProgress },
      );
      if (!(await host.download(answer))) return end(null);
      end({ saved: `Saved as ${answer.name}, ${count(Math.max(1, Math.round(answer.bytes / 1000)))} kB.` });
    } catch (error) {
      const wasStopped = error instanceof Error && error.name === 'AbortError';
      end({
        problem: wasStopped ? 'Stopped; nothing was saved.' : error instanceof Error ? error.message : String(error),
      });
    } finally {
      setMaking(null);
    }
  };

  const emails = replay === null ? null : emailsSent(replay);
  return (
    <div className="screen">
      <Finding screen="Export" question="What is handed over?" actions={places}>
        {emails === null
          ? 'One workflow and its figures, as files.'
          : `One workflow that sends ${plural(emails, 'email')} on this history, and its figures, as files.`}
      </Finding>
      <ul className="handed">
        {HANDED.map(({ kind, title, holds, verb }) => {
          const outcome = outcomes[kind];
          return (
            <li key={kind}>
              <div>
                <b>{title}</b>
                <p>{holds}</p>
                {making?.kind === kind && (
                  <ProgressLine
                    label={`Making ${title}`}
                    progress={making.progress}
                    startedAt={making.startedAt}
                    onCancel={() => aborter.current?.abort()}
                  />
                )}
                <p
                  role="status"
                  className={outcome !== undefined && 'problem' in outcome ? 'handed-problem' : 'handed-saved'}
                >
                  {outcome === undefined || making?.kind === kind
                    ? ''
                    : 'saved' in outcome
                      ? outcome.saved
                      : outcome.problem}
                </p>
              </div>
              <Button
                look={kind === 'report' ? 'primary' : 'plain'}
                disabled={making !== null}
                onClick={() => void make(kind)}
              >
                {verb}
              </Button>
            </li>
          );
        })}
      </ul>
      <ChartFiles />
      <SidePanel label="Files" own={<About />} rests={<About />} />
    </div>
  );
}

/** What every figure and file of this screen was made of. */
export function About() {
  const stamp = useWindow(selectStamp);
  const path = useWindow(({ workflow }) => workflow.path);
  return (
    <PanelSection title="What they rest on">
      <p>The workflow as it stands in {path ?? 'no file'}, replayed on the chosen dataset.</p>
      {stamp !== null && (
        <p>
          History {stamp.history.slice(0, 8)}, workflow {stamp.workflow.slice(0, 8)}, version {stamp.version}, seed{' '}
          {stamp.seed}: the same four give the same files again.
        </p>
      )}
    </PanelSection>
  );
}

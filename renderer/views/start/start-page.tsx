// The page of the first start: the demo report while it is being made, then the report itself in full. Where there is
// no report it says why, what is untouched, and what to do.

import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Host, HostState } from '../../start-host.ts';
import type { Page, PageState } from '../../state/store.ts';
import { Mark } from '../../ui/mark.tsx';
import { progressShare, progressWords, tookWords } from './words.ts';

interface StartPageProps {
  readonly state: PageState;
  readonly begin: Page['begin'];
  readonly stop: Page['stop'];
  readonly host: Pick<Host, 'reportAddress'>;
}

export function StartPage({ state, begin, stop, host }: StartPageProps) {
  return (
    <>
      <header className="top">
        <Mark />
        <b>Foresend</b>
        {state.phase === 'ready' && <ReadyBar state={state} host={host} />}
      </header>
      {state.phase === 'ready' ? <Report address={state.report} /> : <main>{message(state, begin, stop)}</main>}
    </>
  );
}

function message(state: Exclude<PageState, { phase: 'ready' }>, begin: Page['begin'], stop: Page['stop']): ReactNode {
  const again = (
    <button type="button" className="primary" onClick={begin}>
      Try again
    </button>
  );
  switch (state.phase) {
    case 'connecting':
      return <p aria-live="polite">Connecting.</p>;
    case 'working':
      return <Working state={state} stop={stop} />;
    case 'refused':
      return (
        <Message title="This address opens nothing.">
          <p>
            The address that <code>npm start</code> prints lets one browser in, once. Open that address here; if it was
            used already, stop Foresend with Ctrl C and run <code>npm start</code> again.
          </p>
        </Message>
      );
    case 'gone':
      return (
        <Message title="Foresend does not answer.">
          <p>
            The program in the terminal has ended or is busy. Nothing is lost: the workspace is one file, written as a
            whole. Run <code>npm start</code> again, or try once more.
          </p>
          {again}
        </Message>
      );
    case 'failed':
      return (
        <Message title="The report could not be made." isError>
          <p className="reason">{state.message}</p>
          <p>
            Your files are untouched. <code>npx foresend demo --debug</code> makes the same report in the terminal and
            says more.
          </p>
          {again}
        </Message>
      );
    case 'stopped':
      return (
        <Message title="Stopped.">
          <p>Nothing was kept of the unfinished report.</p>
          <button type="button" className="primary" onClick={begin}>
            Make the report
          </button>
        </Message>
      );
  }
}

function Working({ state, stop }: { readonly state: HostState & { phase: 'working' }; readonly stop: Page['stop'] }) {
  const { progress } = state;
  const share = progress === null ? null : progressShare(progress);
  return (
    <Message title="Making the demo report">
      <p className="stage" aria-live="polite">
        <span>{progress === null ? 'starting' : progress.stage}</span>
        <span className="count">{progress === null ? '' : progressWords(progress)}</span>
      </p>
      <progress aria-label="Progress of this step" {...(share === null ? {} : { value: share })} max={1} />
      <p className="quiet">
        A shop with a known truth is made and replayed through the engine that would decide live. Nothing leaves this
        computer.
      </p>
      <button type="button" onClick={stop}>
        Cancel
      </button>
    </Message>
  );
}

function Message({
  title,
  isError = false,
  children,
}: {
  readonly title: string;
  readonly isError?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section className="message">
      <h1 className={isError ? 'error' : ''}>{title}</h1>
      {children}
    </section>
  );
}

function ReadyBar({
  state,
  host,
}: {
  readonly state: HostState & { phase: 'ready' };
  readonly host: Pick<Host, 'reportAddress'>;
}) {
  const [problem, setProblem] = useState('');
  const save = async () => {
    try {
      download(`${await host.reportAddress()}/foresend-report.html`);
      setProblem('');
    } catch {
      setProblem('Foresend does not answer; the report was not saved.');
    }
  };
  return (
    <>
      <span className="quiet">
        Demo report, made in {tookWords(state.tookMs)} on this computer. {problem}
      </span>
      <button type="button" className="save" onClick={save}>
        Save report
      </button>
    </>
  );
}

/** The server names the answer an attachment, so the page stays where it is. */
function download(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}

/** The report is a document of its own, in a frame that shares nothing with this page but its theme. */
function Report({ address }: { readonly address: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const follow = (event: MessageEvent) => {
      if (event.source !== frame.current?.contentWindow) return;
      const theme = (event.data as { theme?: unknown } | null)?.theme;
      if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
    };
    addEventListener('message', follow);
    return () => removeEventListener('message', follow);
  }, []);
  return <iframe ref={frame} className="report" title="The demo report" src={address} sandbox="allow-scripts" />;
}

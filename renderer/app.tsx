// The window: frame, screens, what is shown before there is anything to show.

import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { Component, type ReactNode, Suspense, useEffect, useState } from 'react';
import { SCREENS, type Screen } from './screens.ts';
import { Banners } from './shell/banners.tsx';
import { useCopyFigure } from './shell/copy-figure.ts';
import { DropFiles } from './shell/drop-files.tsx';
import { KeyList } from './shell/key-list.tsx';
import { Palette } from './shell/palette.tsx';
import { Rail } from './shell/rail.tsx';
import { PanelPlace } from './shell/side-panel.tsx';
import { StatusBar } from './shell/status-bar.tsx';
import { Toast } from './shell/toast.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { useAddress } from './shell/use-address.ts';
import { useKeys } from './shell/use-keys.ts';
import { Working } from './shell/working.tsx';
import { useActions, useWindow, WindowProvider, type WindowValue } from './state/context.tsx';
import { Button } from './ui/button.tsx';
import { FigureCopy } from './ui/figure-copy.tsx';
import { ReadonlyReason } from './ui/readonly.tsx';
import { ScreenName } from './ui/screen-name.tsx';
import { EmptyState, ErrorState, ProgressLine } from './ui/states.tsx';

export function App({ value }: { readonly value: WindowValue }) {
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={400}>
        <WindowProvider value={value}>
          <Frame />
        </WindowProvider>
      </Tooltip.Provider>
    </CSPProvider>
  );
}

function Frame() {
  const phase = useWindow(({ session }) => session.phase);
  useTheme();
  if (phase === 'connecting') return <Connecting />;
  if (phase === 'gone') return <Gone />;
  return <Window />;
}

function Window() {
  const id = useWindow(({ view }) => view.screen);
  const isPanelOpen = useWindow(({ view }) => view.isPanelOpen);
  const screen = SCREENS.find((one) => one.id === id) ?? SCREENS[0];
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const { need } = useActions();
  const copyFigure = useCopyFigure();
  const reason = useWindow(({ session }) => session.readonly);
  useKeys();
  useAddress();
  useEffect(() => {
    if (screen !== undefined) need(screen.needs);
  }, [need, screen]);
  if (screen === undefined) return null;
  return (
    <ReadonlyReason value={reason === null ? null : `${reason} Nothing can be changed here.`}>
      <PanelPlace value={place}>
        <div className={isPanelOpen ? 'app' : 'app no-panel'}>
          <TopBar />
          <Rail />
          <main className="main" tabIndex={-1} aria-label={screen.label}>
            <Banners />
            {/* Until there is a heading: a screen whose first figures are being made has its name. */}
            <p className="eyebrow pending" aria-hidden="true">
              <b>{screen.label}</b> · its first figures are being made
            </p>
            <ScreenName value={screen.label}>
              <FigureCopy value={copyFigure}>
                <Guard key={screen.id} label={screen.label}>
                  <Suspense>
                    <Content screen={screen} />
                  </Suspense>
                </Guard>
              </FigureCopy>
            </ScreenName>
            <Working />
          </main>
          <aside className="panel" ref={setPlace} tabIndex={-1} aria-label="Side panel" />
          <StatusBar />
        </div>
        <DropFiles />
        <KeyList />
        <Palette />
        <Toast />
      </PanelPlace>
    </ReadonlyReason>
  );
}

function Content({ screen }: { readonly screen: Screen }) {
  const isEmpty = useWindow(({ session }) => session.dataset === null);
  const { go } = useActions();
  const Body = screen.component;
  if (!isEmpty || screen.id === 'data') return <Body />;
  return (
    <EmptyState
      heading="h1"
      title="No history yet."
      action={<Button onClick={() => go('data', 'import')}>Load data</Button>}
    >
      This screen shows what a workflow would have done to a history of events. The workspace holds none.
    </EmptyState>
  );
}

/** A bug in one screen leaves the others and the file alone. */
class Guard extends Component<{ readonly label: string; readonly children: ReactNode }, { problem: Error | null }> {
  override state: { problem: Error | null } = { problem: null };
  static getDerivedStateFromError(problem: Error) {
    return { problem };
  }
  override render() {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    return (
      <ErrorState
        heading="h1"
        title={`${this.props.label} could not be drawn.`}
        details={[{ at: '', message: problem.message }]}
        action={<Button onClick={() => this.setState({ problem: null })}>Try again</Button>}
      >
        This is a fault of Foresend. Your data and the workflow file are untouched; the other screens work.
      </ErrorState>
    );
  }
}

function Connecting() {
  const progress = useWindow(({ session }) => session.progress);
  const [startedAt] = useState(() => performance.now());
  return (
    <main className="full" aria-label="Foresend">
      <ProgressLine label="Opening the workspace" progress={progress} startedAt={startedAt} />
    </main>
  );
}

function Gone() {
  const reason = useWindow(({ session }) => session.reason);
  const { begin } = useActions();
  return (
    <main className="full" aria-label="Foresend">
      <ErrorState
        heading="h1"
        title="Foresend does not answer."
        action={
          <Button look="primary" onClick={() => void begin()}>
            Try again
          </Button>
        }
      >
        {reason === null || reason === '' ? 'The program in the terminal has ended or is busy.' : reason} Nothing is
        lost: the workspace is one file, written as a whole, and the workflow is saved as you go. Run npm start again,
        or try once more.
      </ErrorState>
    </main>
  );
}

function useTheme(): void {
  const theme = useWindow(({ view }) => view.theme);
  const rows = useWindow(({ view }) => view.rows);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  useEffect(() => {
    document.documentElement.dataset['rows'] = rows;
  }, [rows]);
}

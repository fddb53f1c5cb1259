// Every part in light and dark, side by side, for those who make screens. No screen of the product leads here.

import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { type ReactNode, useCallback, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { WindowApi } from '../../engine/api/index.ts';
import { baseOption, type ChartOption, hatch, labelText, roundTicks, yAxis } from '../charts/base.ts';
import { Chart } from '../charts/chart.tsx';
import type { ChartTheme } from '../charts/theme.ts';
import type { Host } from '../host.ts';
import { createAccount } from '../state/account.ts';
import { WindowProvider } from '../state/context.tsx';
import { createService } from '../state/service.ts';
import { createWindow } from '../state/window-store.ts';
import { AssumptionChip } from '../ui/assumptions.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Absent, Chip, Finding, KeyFigures, Projected, Swatch } from '../ui/figures.tsx';
import { Menu } from '../ui/menu.tsx';
import { PanelSection } from '../ui/panel-section.tsx';
import { readDuration } from '../ui/readings.ts';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { EmptyState, ErrorState, ProgressLine } from '../ui/states.tsx';
import { Facts, Table } from '../ui/table.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Checkbox, Switch } from '../ui/toggles.tsx';
import './parts.css';

export function openParts(root: HTMLElement): void {
  const never = () => new Promise<never>(() => {});
  const api = new Proxy({}, { get: () => never }) as WindowApi;
  const { store, actions } = createWindow({ api });
  const host = { api } as Host;
  const service = createService({ api, run: actions.run });
  const account = createAccount({ api, session: () => store.getState().session, actions });
  createRoot(root).render(
    <CSPProvider disableStyleElements>
      <Tooltip.Provider>
        <WindowProvider value={{ store, actions, host, service, account }}>
          <main className="parts">
            <Sheet theme="light" />
            <Sheet theme="dark" />
          </main>
        </WindowProvider>
      </Tooltip.Provider>
    </CSPProvider>,
  );
}

function Sheet({ theme }: { readonly theme: 'light' | 'dark' }) {
  return (
    <div className="sheet" data-theme={theme}>
      <Finding
        screen={theme === 'light' ? 'Light' : 'Dark'}
        question="What are the parts?"
        sub="Colour belongs to the data; the interface is ink and paper."
        actions={
          <>
            <Button>Keep 60 min</Button>
            <Button look="primary">Use 2 h</Button>
          </>
        }
      >
        The rule says 2 h. Profit cannot tell 30 min from 24 h apart.
      </Finding>
      <Controls />
      <Figures />
      <SampleChart />
      <States />
    </div>
  );
}

function Block({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="parts-block">
      <h3>{title}</h3>
      <div className="parts-row">{children}</div>
    </section>
  );
}

function Controls() {
  const [text, setText] = useState('60m');
  const [view, setView] = useState<'plan' | 'analyse'>('plan');
  const [event, setEvent] = useState<string | null>('Added to Cart');
  const [isOn, setOn] = useState(true);
  const [isOpen, setOpen] = useState(false);
  const [tab, setTab] = useState<'one' | 'two'>('one');
  const options = ['Added to Cart', 'Purchased', 'Unsubscribed'].map((value) => ({
    value,
    label: value,
    note: '1,204',
  }));
  return (
    <>
      <Block title="Controls">
        <Button>Plain</Button>
        <Button look="primary">Primary</Button>
        <Button look="text">Text</Button>
        <Button look="link">Link</Button>
        <Button disabled>Off</Button>
        <IconButton icon="undo" label="Undo: set window to 60 min" />
        <IconButton icon="redo" label="Nothing to redo" disabled />
        <Menu
          trigger={
            <button type="button" className="btn">
              Menu
            </button>
          }
          entries={[
            { heading: 'Histories' },
            { label: 'demo', note: '182,058 events', chosen: true, onSelect: () => {} },
            'line',
            { label: 'Load your own', icon: 'plus', onSelect: () => {} },
            { label: 'Not now', disabled: true, onSelect: () => {} },
          ]}
        />
        <Button onClick={() => setOpen(true)}>Dialog</Button>
        <Dialog
          open={isOpen}
          onClose={() => setOpen(false)}
          title="Remove the history?"
          foot={<Button look="primary">Remove it</Button>}
        >
          <p className="note">It can be brought back until the workspace is closed.</p>
        </Dialog>
      </Block>
      <Block title="Fields">
        <Field label="Window" value={text} show={(value) => value} read={readDuration} onCommit={setText} width={84} />
        <Field
          label="With an error"
          value="60"
          show={(value) => value}
          read={readDuration}
          onCommit={() => {}}
          error="Needs a unit, such as 60m"
          width={150}
        />
        <Select label="Select" value={event} options={options} onChange={setEvent} width={150} />
        <Combobox label="Combobox" value={event} options={options} onChange={setEvent} width={150} allowOther />
      </Block>
      <Block title="Choices">
        <Segmented
          label="View"
          value={view}
          options={[
            { value: 'plan', label: 'Plan' },
            { value: 'analyse', label: 'Analyse' },
          ]}
          onChange={setView}
        />
        <Switch label="Switch" checked={isOn} onChange={setOn} />
        <Checkbox label="Checkbox" checked={isOn} onChange={setOn} />
      </Block>
      <Tabs
        label="Tabs"
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: 'one',
            label: 'Answer',
            content: <PanelSection title="A section">{<p className="note">Its note.</p>}</PanelSection>,
          },
          { value: 'two', label: 'Rests on', content: <PanelSection>Another</PanelSection> },
        ]}
      />
    </>
  );
}

function Figures() {
  const [selected, setSelected] = useState<string | null>('anyway');
  return (
    <>
      <KeyFigures
        large
        selected={selected}
        onSelect={setSelected}
        figures={[
          { key: 'anyway', label: 'Come anyway', hue: 'anyway', value: '1,271', note: '4.56% of 27,895' },
          {
            key: 'because',
            label: 'Because',
            hue: 'because',
            kind: 'projected',
            value: '+483',
            note: '−136 to +1,327',
          },
          { key: 'none', label: 'Measured', value: 'too few', absent: true },
        ]}
      />
      <Block title="Kinds of figure">
        <Chip kind="counted" />
        <Chip kind="projected" />
        <Chip kind="measured" />
        <Chip kind="attributed" />
        <AssumptionChip
          assumption={{ name: 'level', value: '0.3', kind: 'judgement', grade: 3, source: '', year: 2025 }}
        />
        <Projected>24 h</Projected>
        <Absent>not reached</Absent>
        {(['because', 'anyway', 'holdout', 'suppressed'] as const).map((hue) => (
          <span key={hue} className="small">
            <Swatch hue={hue} /> {hue}
          </span>
        ))}
      </Block>
      <div className="two">
        <Table
          label="Steps"
          columns={[{ label: 'Step' }, { label: 'Due', align: 'right' }, { label: 'Sent', align: 'right' }]}
          rows={[
            { key: 'a', cells: ['reminder', '33,709', '28,587'] },
            { key: 'b', cells: ['proof', '33,077', '27,953'], as: 'marked' },
            { key: 'c', cells: ['Sum', '66,786', '56,540'], as: 'total' },
          ]}
        />
        <Facts
          facts={[
            { name: 'Half by', value: '12 min' },
            { name: 'Median over all', value: 'not reached', absent: true },
          ]}
        />
      </div>
    </>
  );
}

function SampleChart() {
  const option = useCallback(
    (theme: ChartTheme): ChartOption => ({
      ...baseOption(theme, { left: 40, right: 70, top: 10, bottom: 20 }),
      xAxis: { type: 'category', data: ['0', '4', '8', '12'], axisTick: { show: false } },
      yAxis: yAxis(theme, roundTicks(0, 100), String),
      series: [
        { type: 'bar', data: [10, 40, 70, 90], itemStyle: { color: theme.ink2 }, stack: 'a', barWidth: 18 },
        { type: 'bar', data: [4, 10, 12, 9], itemStyle: hatch(theme.suppressed), stack: 'a' },
        {
          type: 'line',
          data: [5, 20, 45, 67],
          symbol: 'none',
          lineStyle: { color: theme.because, width: 2 },
          endLabel: labelText(theme, { show: true, formatter: 'because', color: theme.because }),
        },
      ],
    }),
    [],
  );
  return (
    <Chart
      title="A chart"
      hint="weeks"
      alternative="Bars and a line."
      height={140}
      option={option}
      table={{
        columns: ['Week', 'Mailed'],
        rows: [
          ['0', '10'],
          ['4', '40'],
          ['8', '70'],
          ['12', '90'],
        ],
      }}
      xOf={(row, { width }) => 40 + ((row + 0.5) / 4) * (width - 110)}
    />
  );
}

function States() {
  return (
    <div className="two">
      <EmptyState title="No finished test yet." action={<Button>Load outcomes</Button>}>
        Load a file with one row per person, arm and outcome.
      </EmptyState>
      <ErrorState title="Row 41,208 is no date." details={[{ at: 'orders.csv:41208', message: 'time "31/02/26"' }]}>
        21 such rows were set aside; 182,058 were kept.
      </ErrorState>
      <ProgressLine
        label="Importing"
        progress={{ stage: 'reading orders.csv', done: 6_200_000, total: 10_000_000, unit: 'rows' }}
        startedAt={-12_000}
        onCancel={() => {}}
      />
    </div>
  );
}

// Each chart as a file, without a visit to its screen. They are drawn here from the same answers, in the light theme for
// paper and slides, or as the screen is.

import { useRef, useState } from 'react';
import { stampWords } from '../../charts/picture.ts';
import { type PictureForm, savePicture } from '../../charts/save-picture.ts';
import { readTheme } from '../../charts/theme.ts';
import { useActions, useHost, useWindow } from '../../state/context.tsx';
import { problemOf } from '../../state/problem.ts';
import { waitOf } from '../../state/questions.ts';
import { selectAnswer, selectCurrency, selectStamp } from '../../state/select.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { type ChartToSave, chartsToSave } from './pictures.ts';

type Look = 'light' | 'screen';

export function ChartFiles() {
  const project = useWindow(selectAnswer('project'));
  const breakdown = useWindow(selectAnswer('breakdown'));
  const calibrate = useWindow(selectAnswer('calibrate'));
  const windows = useWindow(selectAnswer('windows'));
  const sweep = useWindow(selectAnswer('sweep'));
  const file = useWindow(({ workflow }) => workflow.file);
  const chosen = useWindow(({ view }) => view.wait);
  const currency = useWindow(selectCurrency);
  const stamp = useWindow(selectStamp);
  const host = useHost();
  const { notify } = useActions();
  const light = useRef<HTMLDivElement>(null);
  const [look, setLook] = useState<Look>('light');
  const [making, setMaking] = useState<string | null>(null);
  const [said, setSaid] = useState<{
    readonly key: string;
    readonly words: string;
    readonly isProblem: boolean;
  } | null>(null);
  const charts = chartsToSave({
    project,
    breakdown,
    calibrate,
    windows,
    sweep,
    file,
    wait: waitOf(file, chosen),
    currency,
  });
  const save = async ({ key, picture }: ChartToSave, form: PictureForm) => {
    const from = look === 'light' ? light.current : document.documentElement;
    if (picture === null || from === null) return;
    setMaking(`${key} ${form}`);
    setSaid(null);
    try {
      const saved = await savePicture(host, picture, form, readTheme(from), stamp === null ? '' : stampWords(stamp));
      if (saved === null) return;
      setSaid({ key, words: `Saved as ${saved.name}.`, isProblem: false });
      notify(`Saved as ${saved.name}`);
    } catch (error) {
      setSaid({ key, words: problemOf(error).message, isProblem: true });
    } finally {
      setMaking(null);
    }
  };
  return (
    <section className="chart-files" aria-labelledby="chart-files-title">
      <div ref={light} data-theme="light" hidden />
      <div className="chart-files-head">
        <h2 id="chart-files-title">Charts</h2>
        <span className="small">title above, stamp below; PNG at twice its size</span>
        <Segmented
          label="Colours of the pictures"
          value={look}
          onChange={setLook}
          options={[
            { value: 'light', label: 'Light' },
            { value: 'screen', label: 'As on screen' },
          ]}
        />
      </div>
      <ul>
        {charts.map((chart) => (
          <li key={chart.key}>
            <b>{chart.title}</b>
            <span className="small">{chart.screen}</span>
            <span
              className={said?.key === chart.key && said.isProblem ? 'chart-said problem' : 'chart-said'}
              role="status"
            >
              {said?.key === chart.key ? said.words : (chart.why ?? (chart.picture === null ? 'Being made' : ''))}
            </span>
            {(['png', 'svg'] as const).map((form) => (
              <Button
                key={form}
                aria-label={`Save ${chart.title} as ${form.toUpperCase()}`}
                disabled={chart.picture === null || making !== null}
                onClick={() => void save(chart, form)}
              >
                {form.toUpperCase()}
              </Button>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

// Forecasts of a workflow: what it would send and earn, and what the day brings on which it is switched on.

import './simulate.css';
import { useWindow } from '../../state/context.tsx';
import { Effect } from './effect.tsx';
import { LaunchDay } from './launch.tsx';

export default function Simulate() {
  const tab = useWindow(({ view }) => view.simulate.tab);
  return tab === 'launch' ? <LaunchDay /> : <Effect />;
}

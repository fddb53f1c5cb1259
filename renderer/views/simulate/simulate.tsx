// Forecasts: what the workflow would send and earn, what that hangs on, what the day brings on which it is switched on, and what it does
// together with others.

import './simulate.css';
import { useWindow } from '../../state/context.tsx';
import { Effect } from './effect.tsx';
import { LaunchDay } from './launch.tsx';
import { Matters } from './matters.tsx';
import { Programme } from './programme.tsx';

export default function Simulate() {
  const tab = useWindow(({ view }) => view.simulate.tab);
  switch (tab) {
    case 'effect':
      return <Effect />;
    case 'matters':
      return <Matters />;
    case 'launch':
      return <LaunchDay />;
    case 'programme':
      return <Programme />;
  }
}

// The screens, in working order: one line each. A screen is the default export of its view, drawn into the main region;
// what it puts into the side panel it says itself, with <SidePanel>. `needs` are kept up to date while it is open.

import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { AnswerKind } from './state/types.ts';
import type { IconName } from './ui/icons.tsx';

export interface Screen {
  readonly id: string;
  readonly group: 'Understand' | 'Tune' | 'Forecast' | 'Hand over';
  readonly label: string;
  readonly icon: IconName;
  /** After G. */
  readonly key: string;
  readonly needs: readonly AnswerKind[];
  /** The command whose figures it shows. */
  readonly command:
    | 'describe'
    | 'moments'
    | 'segments'
    | 'validate'
    | 'replay'
    | 'calibrate'
    | 'personalize'
    | 'project';
  readonly component: LazyExoticComponent<ComponentType>;
  /** Fetches what draws it, ahead of its first use. */
  readonly load: () => Promise<unknown>;
}

function drawnBy(load: () => Promise<{ default: ComponentType }>): Pick<Screen, 'component' | 'load'> {
  return { load, component: lazy(load) };
}

// biome-ignore format: one line each
export const SCREENS: readonly Screen[] = [
  { id: 'data', group: 'Understand', label: 'Data', icon: 'data', key: 'd', command: 'describe', needs: ['describe'], ...drawnBy(() => import('./views/data/data.tsx')) },
  { id: 'moments', group: 'Understand', label: 'Moments', icon: 'moments', key: 'm', command: 'moments', needs: [], ...drawnBy(() => import('./views/moments/moments.tsx')) },
  { id: 'segments', group: 'Understand', label: 'Segments', icon: 'segments', key: 's', command: 'segments', needs: [], ...drawnBy(() => import('./views/segments/segments.tsx')) },
  { id: 'people', group: 'Understand', label: 'People', icon: 'people', key: 'p', command: 'replay', needs: [], ...drawnBy(() => import('./views/people/people.tsx')) },
  { id: 'workflow', group: 'Tune', label: 'Workflow', icon: 'workflow', key: 'w', command: 'replay', needs: ['replay', 'describe', 'people'], ...drawnBy(() => import('./views/workflow/workflow.tsx')) },
  { id: 'calibrate', group: 'Tune', label: 'Calibrate', icon: 'calibrate', key: 'c', command: 'calibrate', needs: ['windows', 'calibrate', 'replay', 'sweep', 'describe'], ...drawnBy(() => import('./views/calibrate/calibrate.tsx')) },
  { id: 'personalize', group: 'Tune', label: 'Personalize', icon: 'personalize', key: 'e', command: 'personalize', needs: [], ...drawnBy(() => import('./views/personalize/personalize.tsx')) },
  { id: 'simulate', group: 'Forecast', label: 'Simulate', icon: 'simulate', key: 'i', command: 'project', needs: ['project', 'describe', 'breakdown'], ...drawnBy(() => import('./views/simulate/simulate.tsx')) },
  { id: 'holdout', group: 'Forecast', label: 'Holdout', icon: 'holdout', key: 'h', command: 'replay', needs: ['traffic', 'project', 'describe'], ...drawnBy(() => import('./views/holdout/holdout.tsx')) },
  { id: 'compare', group: 'Forecast', label: 'Compare', icon: 'compare', key: 'o', command: 'project', needs: ['replay'], ...drawnBy(() => import('./views/compare/compare.tsx')) },
  { id: 'export', group: 'Hand over', label: 'Export', icon: 'export', key: 'x', command: 'replay', needs: ['replay', 'describe', 'project', 'breakdown', 'windows', 'calibrate', 'sweep'], ...drawnBy(() => import('./views/export/export.tsx')) },
];

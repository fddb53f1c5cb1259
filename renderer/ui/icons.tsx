// Signs as inline SVG, 16 by 16, in the colour of the words beside them. They never stand alone without a name.

const PATHS = {
  data: 'M2.5 4c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2zM2.5 4v8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2V4M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2',
  workflow:
    'M2.4 3.5a1.6 1.6 0 103.2 0 1.6 1.6 0 10-3.2 0M2.4 12.5a1.6 1.6 0 103.2 0 1.6 1.6 0 10-3.2 0M4 5.1v5.8M7.5 3.5H14M7.5 12.5H14M7.5 8H12',
  people: 'M5.7 5a2.3 2.3 0 104.6 0 2.3 2.3 0 10-4.6 0M3 13.5c0-2.8 2.2-4.6 5-4.6s5 1.8 5 4.6',
  moments: 'M8 1.8l1.7 4.2 4.3.4-3.3 2.9 1 4.3L8 11.4l-3.7 2.2 1-4.3L2 6.4l4.3-.4z',
  segments: 'M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9H7v4.5H2.5zM9 9h4.5v4.5H9z',
  calibrate: 'M2 3c5 0 3.5 8.5 12 9M8 2v12M6.5 8.6a1.5 1.5 0 103 0 1.5 1.5 0 10-3 0',
  personalize: 'M2 4h12v8.5H2zM2.3 4.3L8 9l5.7-4.7',
  simulate: 'M2 12.5c3 0 4-7 7-7 2 0 3 2 5 2M2 12.5c4 0 5-2.5 12-2.5',
  holdout: 'M13.8 8a5.8 5.8 0 11-11.6 0 5.8 5.8 0 0111.6 0M8 8V2.2M8 8l4.9-3',
  compare: 'M5.5 2v12M10.5 2v12M2.5 5h6M7.5 11h6',
  export: 'M8 10V2.5M5 5l3-2.8L11 5M2.5 9.5v4h11v-4',
  undo: 'M3 7h6.5a3.5 3.5 0 010 7H6M3 7l3-3M3 7l3 3',
  redo: 'M13 7H6.5a3.5 3.5 0 000 7H10M13 7l-3-3M13 7l-3 3',
  panel: 'M2.5 3h11v10h-11zM9.5 3v10',
  light:
    'M8 5a3 3 0 100 6 3 3 0 000-6M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7',
  dark: 'M13 9.8A5.6 5.6 0 016.2 3a5.6 5.6 0 106.8 6.8z',
  keys: 'M1.5 4h13v8h-13zM4 6.7h.01M6.7 6.7h.01M9.3 6.7h.01M12 6.7h.01M5 9.4h6',
  down: 'M4.5 6.5L8 10l3.5-3.5',
  right: 'M6 4.5L9.5 8 6 11.5',
  left: 'M10 4.5L6.5 8l3.5 3.5',
  tick: 'M3.5 8.5l3 3 6-7',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  pencil: 'M3 13l.6-2.8 7-7 2.2 2.2-7 7z',
  equals: 'M3.5 6h9M3.5 10h9',
  again: 'M13 8a5 5 0 11-1.6-3.7M13.2 2v2.8h-2.8',
  minus: 'M3 8h10',
  copy: 'M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3',
  table: 'M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.6h11M6.5 6.3V13',
  more: 'M4 8h.01M8 8h.01M12 8h.01',
  search: 'M11.2 7a4.2 4.2 0 11-8.4 0 4.2 4.2 0 018.4 0zM10.2 10.2L14 14',
  warning: 'M8 2.5l6 11H2zM8 6.5v3.2M8 11.6v.1',
  file: 'M4 1.5h5.5L12.5 4.5v10h-8.5zM9.3 1.7v3h3',
  download: 'M8 2.5V10M5 7.5L8 10.3l3-2.8M2.5 12.5h11',
  trash: 'M3 4.5h10M6 4.3V2.5h4v1.8M4.3 4.7l.6 8.8h6.2l.6-8.8',
  up: 'M4.5 9.5L8 6l3.5 3.5',
  play: 'M5 3.2l7.5 4.8L5 12.8z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  drag: 'M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, small = false }: { readonly name: IconName; readonly small?: boolean }) {
  return (
    <svg className={small ? 'ic ic-small' : 'ic'} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

// Where a window is put: where the last one was, if that is still on a screen that is there, else in the middle at the
// size the screens are made for. A second window stands a little beside the first.

import { readKept, writeKept } from './kept-file.ts';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowPlace {
  /** Absent: in the middle. */
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly isMaximized: boolean;
}

export const SMALLEST = { width: 1_120, height: 700 } as const;
const USUAL = { width: 1_280, height: 800, isMaximized: false } as const;
const BESIDE_PX = 28;
/** Of a title bar, to be able to drag the window back. */
const VISIBLE_PX = 120;

export function readPlace(path: string): WindowPlace | null {
  const kept = readKept(path) as Partial<Record<keyof WindowPlace, unknown>> | null;
  if (typeof kept !== 'object' || kept === null) return null;
  const { x, y, width, height, isMaximized } = kept;
  if (![x, y, width, height].every(Number.isSafeInteger)) return null;
  return {
    x: x as number,
    y: y as number,
    width: width as number,
    height: height as number,
    isMaximized: isMaximized === true,
  };
}

export function keepPlace(path: string, bounds: Bounds, isMaximized: boolean): void {
  const { x, y, width, height } = bounds;
  writeKept(path, { x, y, width, height, isMaximized });
}

/**
 * @param kept of the last window
 * @param screens what of each can be used
 * @param others how many windows are open
 */
export function placeWindow(kept: WindowPlace | null, screens: readonly Bounds[], others: number): WindowPlace {
  if (kept === null || kept.x === undefined || kept.y === undefined) return USUAL;
  const width = Math.max(kept.width, SMALLEST.width);
  const height = Math.max(kept.height, SMALLEST.height);
  const [x, y] = [kept.x + others * BESIDE_PX, kept.y + others * BESIDE_PX];
  const isReachable = screens.some(
    (screen) =>
      x + width >= screen.x + VISIBLE_PX &&
      x <= screen.x + screen.width - VISIBLE_PX &&
      y >= screen.y &&
      y <= screen.y + screen.height - VISIBLE_PX,
  );
  const { isMaximized } = kept;
  return isReachable ? { x, y, width, height, isMaximized } : { width, height, isMaximized };
}

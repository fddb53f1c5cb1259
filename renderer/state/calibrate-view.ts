// Which of Calibrate's views is open, and what is set beside the window. Lasts as long as the window, like Simulate's.

/** `window`: on the curve; `choice`: what choosing rests on; `course`: how episodes go on; `silence`: absence alone. */
export type CalibrateTab = 'window' | 'choice' | 'course' | 'silence';

export interface CalibrateView {
  readonly tab: CalibrateTab;
  /** Path of the second setting of the grid; null where none was asked for. */
  readonly beside: string | null;
}

export const FIRST_CALIBRATE: CalibrateView = { tab: 'window', beside: null };

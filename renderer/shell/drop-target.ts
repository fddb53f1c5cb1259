// Who takes files dropped on the window, where a screen does; otherwise they are brought in as a history.

export interface DropTarget {
  /** Of the sheet shown while files are held over the window. */
  readonly title: string;
  readonly words: string;
  readonly take: (files: readonly File[]) => void;
}

let target: DropTarget | null = null;

export function dropTarget(): DropTarget | null {
  return target;
}

/** @returns gives it back; another that has taken it since keeps it */
export function takeDrops(mine: DropTarget): () => void {
  target = mine;
  return () => {
    if (target === mine) target = null;
  };
}

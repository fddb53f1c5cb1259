// Files dropped anywhere on the window go where files are brought in, unless the open screen takes them. Without this the browser would leave the page for
// the file.

import { useEffect, useState } from 'react';
import { useActions } from '../state/context.tsx';
import { useReadonly } from '../ui/readonly.tsx';
import { dropTarget } from './drop-target.ts';

export function DropFiles() {
  const { addFiles, go, notify } = useActions();
  const reason = useReadonly(true);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // One enter for every element under the pointer, one leave for each of them.
    let inside = 0;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      inside++;
      setOver(true);
    };
    const over = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      inside = Math.max(0, inside - 1);
      if (inside === 0) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      inside = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      const target = dropTarget();
      if (target !== null) {
        target.take(files);
        return;
      }
      if (reason !== null) {
        notify(reason);
        return;
      }
      go('data');
      void addFiles(files);
    };
    addEventListener('dragenter', enter);
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [addFiles, go, notify, reason]);
  if (!isOver) return null;
  const target = dropTarget();
  return (
    <div className="drop" role="status">
      <p>
        <b>{target?.title ?? (reason === null ? 'Drop files to bring them in' : 'Files cannot be brought in')}</b>
        {target?.words ?? reason ?? 'How they are read is shown first; nothing changes before you import.'}
      </p>
    </div>
  );
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}

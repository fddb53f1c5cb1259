// What is handed over: the workflow, at an email service or as files. Nothing is sent anywhere before it is asked for.

import './export.css';
import './service.css';
import { useWindow } from '../../state/context.tsx';
import { requestOf } from '../../state/questions.ts';
import { EmptyState } from '../../ui/states.tsx';
import { Blocks } from './blocks.tsx';
import { Files } from './files.tsx';
import { Klaviyo } from './klaviyo.tsx';
import { Places, usePlace } from './places.tsx';

export default function Export() {
  const canAsk = useWindow((state) => requestOf(state) !== null);
  const place = usePlace();
  if (!canAsk) {
    return (
      <EmptyState title="There is nothing to hand over yet." heading="h1">
        A dataset and a workflow without errors are needed; then they can be carried to an email service or saved here.
      </EmptyState>
    );
  }
  if (place === 'files') return <Files places={<Places />} />;
  if (place === 'klaviyo') return <Klaviyo places={<Places />} />;
  return <Blocks key={place} target={place} places={<Places />} />;
}

// Which properties and send times can I use? What each email could say at the moment it goes out, rendered for people who
// tell, and the hours at which people are active.

import './personalize.css';
import { useState } from 'react';
import { useActions, useWindow } from '../../state/context.tsx';
import { requestOf } from '../../state/questions.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { Emails } from './emails.tsx';
import { SendTimes } from './send-times.tsx';

type View = 'emails' | 'sendTimes';

const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'emails', label: 'Emails' },
  { value: 'sendTimes', label: 'Send times' },
];

export default function Personalize() {
  const canAsk = useWindow((state) => requestOf(state) !== null);
  const isChecking = useWindow(({ workflow }) => workflow.path === null || !workflow.isChecked);
  const [view, setView] = useState<View>('emails');
  const { go } = useActions();
  if (!canAsk && !isChecking) {
    return (
      <EmptyState
        heading="h1"
        title="There is no workflow whose emails could be filled."
        action={<Button onClick={() => go('workflow')}>Open the workflow</Button>}
      >
        What an email can say rests on the workflow that sends it. Put its file right, then come back.
      </EmptyState>
    );
  }
  const views = (
    <div className="head-views">
      <Segmented label="View" value={view} options={VIEWS} onChange={setView} />
    </div>
  );
  return (
    <div className="personalize screen">
      {view === 'emails' ? <Emails views={views} /> : <SendTimes views={views} />}
    </div>
  );
}

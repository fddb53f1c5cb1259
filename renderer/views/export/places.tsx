// Where the workflow is handed to; kept while another screen is looked at.

import { useService, useServiceActions } from '../../state/context.tsx';
import type { Place } from '../../state/service.ts';
import { Segmented } from '../../ui/segmented.tsx';

const PLACES: readonly { readonly value: Place; readonly label: string }[] = [
  { value: 'klaviyo', label: 'Klaviyo' },
  { value: 'mailchimp', label: 'Mailchimp' },
  { value: 'activecampaign', label: 'ActiveCampaign' },
  { value: 'files', label: 'Files' },
];

export function usePlace(): Place {
  return useService(({ place }) => place);
}

export function Places() {
  const place = usePlace();
  const { choose } = useServiceActions();
  return <Segmented label="Hand over to" value={place} options={PLACES} onChange={choose} />;
}

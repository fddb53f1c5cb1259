// Starts every email of a workflow once, for one address of one's own: the only way to see that automations which no call
// shows are wired to the right events. Values of people stand as examples.

import { UserError } from '../../base/index.ts';
import { type Delivery, eventNamesOf, hashOf } from '../../esp/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import type { Courier } from './couriers.ts';
import type { DeliverySources } from './delivery-places.ts';

export interface Told {
  readonly step: string;
  readonly event: string;
}

/** @throws UserError `NOT_TOLD` where the address is no subscribed contact there */
export async function tryWorkflow(
  courier: Courier,
  workflow: Workflow,
  place: DeliverySources,
  email: string,
): Promise<readonly Told[]> {
  const time = courier.clock.now();
  const values = Object.fromEntries(place.sources.map(({ key, fallback }) => [key, fallback ?? 'example']));
  const told: Told[] = [];
  for (const { step, event } of eventNamesOf(workflow)) {
    const delivery: Delivery = {
      id: hashOf(['try', email, workflow.id, time, step]),
      person: email,
      email,
      workflow: workflow.id,
      time,
      kind: 'send',
      step,
      event,
      values,
      properties: {},
      isEarly: false,
    };
    const why = await courier.deliver(delivery, place, false, () => {});
    if (why !== null)
      throw new UserError('NOT_TOLD', `${email}: ${why}. Use an address of your own that is subscribed there.`);
    told.push({ step, event });
  }
  return told;
}

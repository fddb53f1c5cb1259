// The two services of building blocks, each beside its stand-in, behind one bench: what holds for one has to hold for
// the other.

import { join } from 'node:path';
import type { BlockPlace, BlockService } from '../../engine/node/esp/index.ts';
import { openActiveCampaign, openMailchimp } from '../../engine/node/esp/open-service.ts';
import type { Workflow } from '../../engine/workflow/index.ts';
import { AC_ACTID, AC_EVENT_KEY, AC_KEY, type ActiveCampaignAccount } from './activecampaign.ts';
import { temporaryFolder } from './cli.ts';
import { TestClock } from './klaviyo.ts';
import { cartRecovery, type WorkflowJson, workflowOf } from './klaviyo-shop.ts';
import { MAILCHIMP_KEY, MailchimpAccount } from './mailchimp.ts';
import { StandIn } from './stand-in.ts';

export type Account = MailchimpAccount | ActiveCampaignAccount;

export const ENVIRONMENT = {
  MAILCHIMP_API_KEY: MAILCHIMP_KEY,
  ACTIVECAMPAIGN_API_KEY: AC_KEY,
  ACTIVECAMPAIGN_EVENT_KEY: AC_EVENT_KEY,
  ACTIVECAMPAIGN_ACTID: AC_ACTID,
};

export interface BlockBench<A extends Account = Account> {
  readonly account: A;
  readonly standIn: StandIn;
  readonly clock: TestClock;
  readonly folder: string;
  readonly statePath: string;
  service(signal?: AbortSignal): BlockService;
  place(workflow: Workflow, signal?: AbortSignal): BlockPlace;
  close(): Promise<void>;
}

export async function blockBench<A extends Account>(account: A): Promise<BlockBench<A>> {
  const clock = new TestClock();
  const standIn = await new StandIn(account).start();
  const folder = temporaryFolder();
  const services: BlockService[] = [];
  const statePath = join(folder.path, 'cart.state.json');
  const service = (signal?: AbortSignal) => {
    const open = account instanceof MailchimpAccount ? openMailchimp : openActiveCampaign;
    const options = { baseUrl: standIn.url, clock, random: () => 0, ...(signal === undefined ? {} : { signal }) };
    const made = open(options, ENVIRONMENT);
    services.push(made);
    return made;
  };
  return {
    account,
    standIn,
    clock,
    folder: folder.path,
    statePath,
    service,
    place: (workflow, signal) => ({ service: service(signal), workflow, statePath, file: 'cart.json' }),
    async close() {
      for (const one of services) await one.close();
      await standIn.stop();
      folder.remove();
      if (standIn.faultsOfItsOwn.length > 0) throw new Error(standIn.faultsOfItsOwn.join('\n'));
    },
  };
}

/** The workflow of the guide, with texts that show something of the cart and of the person. */
export function cartTexts(change: (file: WorkflowJson) => void = () => {}): Workflow {
  return workflowOf(
    cartRecovery((file) => {
      const [first, second] = file['sequence'] as [WorkflowJson, WorkflowJson];
      first['body'] = "Hi {{ person.first_name | default: 'there' }}, {{ item }} is still in your cart.";
      second['body'] =
        '<h1>{{ item | upcase }}</h1>{% if value >= 50 and item contains "Tea" %}<p>Free shipping</p>{% else %}<p>Soon gone</p>{% endif %}';
      change(file);
    }),
  );
}

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OpenApiContract } from '../../helpers/openapi-contract.ts';
import { describeShared, sharedPath } from '../../helpers/shared.ts';
import type { ContractCase } from './klaviyo.ts';

describeShared("the other vendors' request bodies", () => {
  it.each(['mailchimp', 'activecampaign'])('%s: the judge of our tests gives every verdict that is given', (vendor) => {
    const { cases } = JSON.parse(readFileSync(sharedPath('esp', 'contract-cases.json'), 'utf8')) as {
      cases: ContractCase[];
    };
    const contract = new OpenApiContract(`${vendor}.openapi.json`);
    const own = cases.filter((one) => one.vendor === vendor);
    expect(own.length).toBeGreaterThan(8);
    const verdicts = own.map((one) => [one.name, contract.bodyErrors(one.method, one.path, one.body).length === 0]);
    expect(verdicts).toEqual(own.map((one) => [one.name, one.schemaValid]));
  });
});

import { expect, it } from 'vitest';
import { checkFlowBody } from '../../../engine/esp/index.ts';
import { describeShared } from '../../helpers/shared.ts';
import { contractCases, VendorSchema } from './klaviyo.ts';

describeShared("the vendor's request bodies", () => {
  const schema = new VendorSchema();

  it.each(contractCases().map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(schema.errors(one.method, one.path, one.body).length === 0).toBe(one.schemaValid);
    if (one.path !== '/api/flows') return;
    const ours = checkFlowBody(one.body);
    // Where the schema cannot see it, ours has to; where it can, ours may say it too.
    if (one.note !== undefined) expect(ours).not.toEqual([]);
    else if (one.schemaValid) expect(ours).toEqual([]);
  });

  it('names the place of what the schema cannot see', () => {
    const at = (name: string) => {
      const found = contractCases().find((one) => one.name === name);
      return checkFlowBody(found?.body).map((issue) => [issue.code, issue.at]);
    };
    expect(at('dangling link')).toContainEqual(['DANGLING_LINK', 'data.attributes.definition.actions[0].links.next']);
    expect(at('misspelt message key')).toEqual([
      ['UNKNOWN_KEY', 'data.attributes.definition.actions[1].data.message.subjectt'],
    ]);
  });
});

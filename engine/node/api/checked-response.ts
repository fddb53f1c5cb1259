// A response file's JSON as the model a projection takes. Loaded when asked for, like all that needs the statistics.

import { UserError } from '../../base/index.ts';
import type { ResponseModel } from '../../projection/index.ts';

/** @param json null: the graded default @throws UserError `RESPONSE` */
export async function checkedResponse(json: unknown): Promise<ResponseModel> {
  const { checkResponse } = await import('../../projection/index.ts');
  const { response, issues } = checkResponse(json);
  if (response === null) throw new UserError('RESPONSE', 'The response file cannot be used.', issues);
  return response;
}

// A response file's JSON as the model a projection takes. Loaded when asked for, like all that needs the statistics.

import { plural, UserError } from '../../base/index.ts';
import type { ResponseModel } from '../../projection/index.ts';
import { pathOf, withLines } from '../workflow-file.ts';

/** @param json null: the graded default @throws UserError `RESPONSE` */
export async function checkedResponse(json: unknown): Promise<ResponseModel> {
  const { checkResponse } = await import('../../projection/index.ts');
  const { response, issues } = checkResponse(json);
  if (response !== null) return response;
  const path = pathOf(json);
  const name = path === null ? 'The response' : `The response file ${path}`;
  throw new UserError(
    'RESPONSE',
    `${name} cannot be used: ${plural(issues.length, 'problem')}.`,
    withLines(issues, json),
  );
}

// What Klaviyo refuses, in words: which right a key lacks, which object is not there, what is wrong with a body and
// where. Shape of its errors: `{ errors: [{ title, detail, source: { pointer } }] }`.

import { UserError } from '../../base/index.ts';

/** An answer with a status of 400 or above that repeating does not change. */
export class VendorError extends UserError {
  readonly status: number;
  constructor(code: string, status: number, message: string) {
    super(code, message);
    this.status = status;
  }
}

/** A request that creates something may or may not have had its effect. */
export class LostAnswer extends Error {
  override readonly name = 'LostAnswer';
}

const MOST_WORDS = 400;

export function refusal(status: number, operation: string, body: unknown): VendorError {
  const said = detailsOf(body);
  if (status === 401) {
    return new VendorError(
      'WRONG_KEY',
      status,
      'Klaviyo does not know the key in KLAVIYO_API_KEY: it is mistyped, deleted, or a public one. Make a private key in Klaviyo under Settings, API keys.',
    );
  }
  if (status === 403) {
    const rights = rightsOf(operation).join(' and ');
    return new VendorError(
      'MISSING_RIGHT',
      status,
      `The key in KLAVIYO_API_KEY may not do this (${operation}): it needs the right ${rights}. Make a key with it in Klaviyo under Settings, API keys.${said === '' ? '' : ` Klaviyo says: ${said}`}`,
    );
  }
  if (status === 404) {
    return new VendorError(
      'NOT_THERE',
      status,
      `Klaviyo has no such object (${operation}).${said === '' ? '' : ` It says: ${said}`}`,
    );
  }
  if (status >= 300 && status < 400) {
    return new VendorError(
      'REDIRECT',
      status,
      `The answer to ${operation} points elsewhere (${status}); it is not followed, because the key would go along. Check --base-url.`,
    );
  }
  return new VendorError(
    'REFUSED',
    status,
    `Klaviyo refused ${operation} (${status})${said === '' ? '.' : `: ${said}`}`,
  );
}

/** The rights an operation needs, as Klaviyo names them. */
export function rightsOf(operation: string): string[] {
  const [method, path = ''] = operation.split(' ');
  const kind = path.split('/')[2] ?? '';
  const verb = method === 'GET' ? 'read' : 'write';
  if (kind === 'profile-bulk-import-jobs') return [`lists:${verb}`, `profiles:${verb}`];
  return [`${kind === 'flow-actions' ? 'flows' : kind}:${verb}`];
}

function detailsOf(body: unknown): string {
  const errors = (body as { errors?: unknown } | null)?.errors;
  if (!Array.isArray(errors)) return '';
  const texts = errors.slice(0, 3).map((error: unknown) => {
    const { detail, title, source } = (error ?? {}) as {
      detail?: unknown;
      title?: unknown;
      source?: { pointer?: unknown; parameter?: unknown };
    };
    const words = typeof detail === 'string' ? detail : typeof title === 'string' ? title : '';
    const place = source?.pointer ?? source?.parameter;
    return typeof place === 'string' && place !== '' && place !== '/data' ? `${words} (at ${place})` : words;
  });
  const text = texts.filter((words) => words !== '').join(' ');
  return text.length > MOST_WORDS ? `${text.slice(0, MOST_WORDS)}…` : text;
}

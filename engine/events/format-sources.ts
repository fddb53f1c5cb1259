// Where the fields of a recognised format are described, and what of them could not be checked there.

export interface FormatSource {
  readonly page: string;
  /** Null where the page has every field that is read. */
  readonly unchecked: string | null;
}

export const FORMAT_SOURCES: Readonly<Record<string, FormatSource>> = {
  kissmetrics: {
    page: 'https://support.kissmetrics.io/docs/json-files-as-an-external-data-source-1',
    unchecked: 'the page is of files that are brought in; none shows the rows of an export',
  },
  segment: {
    page: 'https://www.twilio.com/docs/segment/connections/spec/common',
    unchecked: 'the page is of the messages; none says how files of them are laid out',
  },
  mixpanel: { page: 'https://docs.mixpanel.com/reference/raw-event-export', unchecked: null },
  amplitude: { page: 'https://amplitude.com/docs/apis/analytics/export', unchecked: null },
  posthog: { page: 'https://posthog.com/docs/data-pipelines/batch-exports/s3', unchecked: null },
  ga4: {
    page: 'https://support.google.com/analytics/answer/7029846',
    unchecked: 'what is read of "ecommerce" (purchase_revenue, transaction_id)',
  },
  klaviyo: { page: 'https://developers.klaviyo.com/en/reference/get_events', unchecked: null },
  'klaviyo table': { page: 'https://help.klaviyo.com/hc/en-us/articles/115005081247', unchecked: null },
  shopify: {
    page: 'https://docs.xbp.app/docs/development/integrations/shopify/order-format',
    unchecked: 'the page shows a real export but is not one of Shopify’s own',
  },
};

/** In a sentence or two; null for a plain table or plain records, whose columns are found by looking. */
export function formatSourceWords(format: string): string | null {
  const source = Object.hasOwn(FORMAT_SOURCES, format) ? FORMAT_SOURCES[format] : undefined;
  if (source === undefined) return null;
  const { page, unchecked } = source;
  return `Its fields are those of ${page}.${unchecked === null ? '' : ` Not checked: ${unchecked}.`}`;
}

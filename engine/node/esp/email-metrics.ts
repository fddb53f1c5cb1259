// Names of the metrics by which Klaviyo records its own emails
// (https://help.klaviyo.com/hc/en-us/articles/115005076787): what was sent and what became of it.

const EMAIL_METRICS = new Set([
  'Received Email',
  'Opened Email',
  'Clicked Email',
  'Bounced Email',
  'Dropped Email',
  'Marked Email as Spam',
  'Unsubscribed',
  'Unsubscribed from Email Marketing',
  'Unsubscribed from List',
  'Updated Email Preferences',
]);

/** Whether Klaviyo has a metric of that name for its own emails, where no more than the name is known. */
export function isEmailMetric(name: string): boolean {
  return EMAIL_METRICS.has(name);
}

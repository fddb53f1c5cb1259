export { type Clock, systemClock } from './clock.ts';
export { type ClientOptions, KlaviyoClient, keyFromEnvironment } from './klaviyo-client.ts';

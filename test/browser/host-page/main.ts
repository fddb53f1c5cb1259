// A page that is nothing but its host, for a test to ask.

import { connect } from '../../../renderer/host.ts';

(globalThis as { connecting?: unknown }).connecting = connect();

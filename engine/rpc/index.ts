export { type DesktopBridge, LINE_MESSAGE } from './bridge.ts';
export { type Caller, createCaller } from './caller.ts';
export { errorFrom, LOST, wireError } from './errors.ts';
export {
  LONGEST_MESSAGE,
  type Notice,
  parseClientMessage,
  parseServerMessage,
  type ServerMessage,
  type WireError,
} from './messages.ts';
export { isMethod, METHODS, type Method, requestProblem, WRITES } from './requests.ts';
export { type Answering, createServer, type RpcServer } from './server.ts';

// Parts of undici that are loaded by themselves: its index loads fetch, WebSocket, caches and mocks, and costs a
// command 50 ms of start-up. undici's own types cover the same values under the index's name.
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici';
  export default Agent;
}

declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici';
  export default buildConnector;
}

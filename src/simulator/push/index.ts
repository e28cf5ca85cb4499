/** What WeChat sends to a developer's server: samples, messages, deliveries, and the questions of the handshake. */
export { type ServerExchange, exchangeWith, platformHeaders } from './exchange.ts';
export type { Experiment, ProbeReport } from './experiments.ts';
export { type Outbox, type OutgoingEvent, createOutbox } from './outbox.ts';
export type { ProbeCheck, ProbeOptions } from './probe-check.ts';
export { probeHandshake } from './probe.ts';
export {
  type Delivery,
  type Push,
  type PushRequest,
  type PushTarget,
  type PushWorld,
  type Tampering,
  createPushRequest,
  deliver,
  deliverLikePlatform,
} from './push.ts';
export { loadSample, sampleSummaries } from './sample-messages.ts';
export { type MessageChanges, changeFields, pushOf, renew, sampleFields } from './trigger-message.ts';

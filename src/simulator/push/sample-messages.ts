/** One sample of every message and event that the platform pushes (接收普通消息, 接收事件推送), by the groups of the documents. */
import type { Text } from '../../core/text/text.ts';
import index from '../messages/index.json' with { type: 'json' };

export interface SampleSummary {
  /** Name of the sample, which `trigger` takes: `text`, `menu_click`. */
  readonly id: string;
  /** Where it stands: the file of `messages/`. */
  readonly group: keyof typeof groups;
  readonly kind: 'message' | 'event';
  /** `MsgType` on the wire. */
  readonly msgType: string;
  /** `Event` on the wire, capitals included; messages have none. */
  readonly event?: string | undefined;
  readonly title: Text;
}

export interface SampleField {
  /** Place below the root: `Content`, `SendPicsInfo.PicList.item[].PicMd5Sum`. */
  readonly name: string;
  readonly type: string;
  readonly note: string;
}

interface SampleDetail {
  readonly id: string;
  /** Who published it: the official documents, or the makers of libraries. */
  readonly source: string;
  /** The plain message as the platform writes it. */
  readonly xml: string;
  /** The same kind of message as mini programs are pushed it, where that is documented. */
  readonly json?: Readonly<Record<string, unknown>> | undefined;
  readonly fields: readonly SampleField[];
  readonly notes?: string | undefined;
}

export type Sample = SampleSummary & SampleDetail;

/** All samples, in the order of the documentation. */
export const sampleSummaries: readonly SampleSummary[] = index as readonly SampleSummary[];

/** The sample with this name; `undefined` where there is none. Only the group that it stands in is loaded. */
export async function loadSample(id: string): Promise<Sample | undefined> {
  const summary = sampleSummaries.find((each) => each.id === id);
  if (summary === undefined) return undefined;
  const samples: readonly SampleDetail[] = (await groups[summary.group]()).default;
  const detail = samples.find((sample) => sample.id === id);
  return detail && { ...summary, ...detail };
}

const groups = {
  message: () => import('../messages/message.json'),
  event: () => import('../messages/event.json'),
  menu: () => import('../messages/menu.json'),
  finish: () => import('../messages/finish.json'),
  subscription: () => import('../messages/subscription.json'),
  authorization: () => import('../messages/authorization.json'),
  verification: () => import('../messages/verification.json'),
  service: () => import('../messages/service.json'),
  card: () => import('../messages/card.json'),
  invoice: () => import('../messages/invoice.json'),
  store: () => import('../messages/store.json'),
  product: () => import('../messages/product.json'),
  device: () => import('../messages/device.json'),
};

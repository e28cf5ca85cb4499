/** The events that the simulator sends by itself after a call has been answered. */
import { ownFields, type Phoned } from './phoned.ts';

const probe = 'oProbe';

/** Openid and own fields of the pushes of this sample so far, without the line ends; a push of its own waits for them all. */
export async function pushed(
  world: Phoned,
  sampleId: string,
): Promise<readonly (readonly [openid: string, fields: string])[]> {
  await world.ask('POST', '/_ctl/push', { type: sampleId, from: probe });
  const pushes = (await world.pushes()).filter(({ type, openid }) => type === sampleId && openid !== probe);
  return pushes.map(({ openid, plain }) => [openid, ownFields(plain).replaceAll('\n', '')]);
}

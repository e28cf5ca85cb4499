/** What the account sends by itself: templates, subscriptions, mass messages and automatic replies. */
import type { Clock, Random } from '../../io/ports.ts';
import type { Outbox } from '../push/index.ts';
import { createAutoReplies, type AutoReplies } from './autoreply/state.ts';
import type { Chats } from './chat/state.ts';
import { createMass, type Mass } from './mass/state.ts';
import { createMassUploads, type MassUploads } from './mass/uploads.ts';
import type { Media } from './media/state.ts';
import { createOutcomes, type Outcomes } from './chat/outcomes.ts';
import { createSubscriptions, type Subscriptions } from './subscribe/state.ts';
import { createTemplates, type Templates } from './template/state.ts';

export interface MessageNouns {
  /** Theirs alone: a message must not change what is drawn elsewhere. */
  messageRandom: Random;
  outcomes: Outcomes;
  templates: Templates;
  subscriptions: Subscriptions;
  mass: Mass;
  massUploads: MassUploads;
  autoReplies: AutoReplies;
}

interface MessageWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly outbox: Outbox;
  readonly chats: Chats;
  readonly media: Media;
}

export function createMessageNouns({ clock, random, outbox, chats, media }: MessageWorld): MessageNouns {
  const outcomes = createOutcomes();
  return {
    messageRandom: random,
    outcomes,
    templates: createTemplates(clock, random),
    subscriptions: createSubscriptions(random),
    mass: createMass({ clock, chats, outbox, outcomes }),
    massUploads: createMassUploads(clock, random, media),
    autoReplies: createAutoReplies(random, media),
  };
}

/** What the parts of `sign-url` hand to each other. */
import type { TicketType } from '../../../api/ticket.ts';
import type { JssdkConfig } from '../../../core/jssdk/index.ts';
import type { Context } from '../../context.ts';

export type Format = 'lines' | 'json' | 'config' | 'html' | 'env' | 'github';

export interface SignUrlOptions {
  readonly stdin: boolean;
  readonly check: string | undefined;
  readonly ticketStdin: boolean;
  readonly ticketFile: string | undefined;
  readonly timestamp: number | undefined;
  readonly nonce: string | undefined;
  readonly string1: string | undefined;
  readonly asIs: boolean;
  readonly apiList: string | undefined;
  readonly openTags: string | undefined;
  readonly format: Format | undefined;
  readonly type: TicketType | undefined;
  readonly call: 'addCard' | 'chooseCard' | undefined;
  readonly code: string | undefined;
  readonly openid: string | undefined;
  readonly cardType: string | undefined;
  readonly locationId: string | undefined;
}

/** What is printed for a page, in the order of the output; `openTagList` only where it was asked for. */
export type SignedPage = Omit<JssdkConfig, 'debug'> & { readonly url: string };

/** Signs a URL without a fragment. */
export type Signer = (ticket: string, url: string) => SignedPage;

/** What every call needs, handed on so that it stays in the file that every call loads. */
export interface SignTools {
  readonly createSigner: (context: Context, options: SignUrlOptions) => Promise<Signer>;
  readonly getTicket: (context: Context, options: SignUrlOptions, type: TicketType) => () => Promise<string>;
  readonly signPages: (
    context: Context,
    urls: readonly string[],
    options: SignUrlOptions,
  ) => Promise<readonly SignedPage[]>;
  readonly printPages: (context: Context, pages: readonly SignedPage[], format: 'lines' | 'json') => void;
}

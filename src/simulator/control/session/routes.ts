/** `GET /_ctl/test`: what has been done since the start, as a test. */
import type { Hono } from 'hono/tiny';
import type { Control } from '../control.ts';
import { showsSecrets } from '../input.ts';
import type { SavedTest } from '../types/index.ts';

export function addSessionRoutes(app: Hono, { journal, config, traffic }: Control): void {
  app.get('/test', async (context) => {
    const { formatTest } = await import('./test-code.ts');
    const { account, chats } = traffic.platform;
    const {
      url,
      token,
      aes_key: aesKey,
      mode,
      format,
    } = showsSecrets(context) ? config.view({ secrets: 'show' }) : config.view();
    const steps = journal.list();
    const code = formatTest({
      steps,
      messages: (openid) => chats.list(openid),
      options:
        url === null
          ? {}
          : // The server knows the account by these.
            {
              to: url,
              mode,
              ...(format === 'json' && { format }),
              appid: account.appId,
              callbackToken: token,
              aesKey,
            },
    });
    return context.json({ steps: steps.length, code } satisfies SavedTest);
  });
}

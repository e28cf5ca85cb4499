/** The pop-up of 订阅通知, and the settings of the account in which a person changes the answer. */
import type { SubscriptionView, TemplatesView } from '../../control/types/index.ts';
import { readControl } from '../control.ts';
import { person } from '../live.ts';
import { askFor, type Field } from '../parts/field-dialog.tsx';
import { attempt } from '../parts/notice.ts';
import { subscribe } from './actions.ts';

const where: Field = {
  name: 'where',
  label: { en: 'Where', zh: '位置' },
  kind: 'select',
  value: 'page',
  options: [
    { value: 'page', label: { en: 'Pop-up of a web page', zh: '网页中的弹窗' } },
    { value: 'article', label: { en: 'Pop-up of an article', zh: '图文中的弹窗' } },
    { value: 'settings', label: { en: 'Settings of the account', zh: '公众号的设置页' } },
  ],
};

/** Asks for each template that the account has; what is not ticked is refused. */
export async function askToSubscribe(): Promise<void> {
  const openid = person.value?.openid;
  if (openid === undefined) return;
  await attempt(async () => {
    const [{ subscription }, answers] = await Promise.all([
      readControl<TemplatesView>('templates'),
      readControl<readonly SubscriptionView[]>(`chats/${encodeURIComponent(openid)}/subscriptions`),
    ]);
    const refused = new Set(
      answers.filter(({ status }) => status === 'reject').map((each) => each.template_id),
    );
    askFor({
      title: { en: 'Messages of the account', zh: '订阅通知' },
      action: { en: 'Answer', zh: '确定' },
      fields: [
        ...subscription.map(({ template_id: id, title }): Field => ({
          name: id,
          label: { en: title, zh: title },
          kind: 'check',
          value: refused.has(id) ? '' : 'on',
        })),
        where,
      ],
      submit: (values) => {
        const ids = subscription.map(({ template_id: id }) => id);
        const accept = ids.filter((id) => values[id] === 'on');
        const reject = ids.filter((id) => values[id] !== 'on');
        void subscribe({
          ...(accept.length > 0 && { accept }),
          ...(reject.length > 0 && { reject }),
          where: values['where'] as 'page',
        });
      },
    });
  });
}

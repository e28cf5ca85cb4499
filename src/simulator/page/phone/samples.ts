/** Any message or event of the platform, as `wechat-mp trigger` sends it. */
import type { SampleView } from '../../control/types/index.ts';
import { postControl, readControl } from '../control.ts';
import { person } from '../live.ts';
import { askFor } from '../parts/field-dialog.tsx';
import { attempt } from '../parts/notice.ts';

export async function chooseSample(): Promise<void> {
  await attempt(async () => {
    const samples = await readControl<readonly SampleView[]>('samples');
    askFor({
      title: { en: 'Push any message or event', zh: '推送任意消息或事件' },
      action: { en: 'Push', zh: '推送' },
      fields: [
        {
          name: 'type',
          label: { en: 'Type', zh: '类型' },
          kind: 'select',
          value: 'text',
          options: samples.map(({ id, title }) => ({
            value: id,
            label: { en: `${title.en} – ${id}`, zh: `${title.zh} – ${id}` },
          })),
        },
        {
          name: 'key',
          label: { en: 'EventKey (may be empty)', zh: 'EventKey（可为空）' },
          kind: 'text',
          value: '',
        },
      ],
      submit: ({ type, key = '' }) =>
        void attempt(() =>
          postControl('push', {
            type,
            from: person.value?.openid,
            wait: false,
            ...(key !== '' && { key }),
          }),
        ),
    });
  });
}

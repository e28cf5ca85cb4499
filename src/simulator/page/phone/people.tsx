/** Whose phone it is: several people, each with a chat of their own. */
import { signal } from '@preact/signals';
import type { FollowerView } from '../../control/types/index.ts';
import { postControl } from '../control.ts';
import { choosePerson, followers, person, readFollowers, unread } from '../live.ts';
import { Button } from '../parts/box.tsx';
import { askFor } from '../parts/field-dialog.tsx';
import { splitList } from '../parts/form.tsx';
import { loaded } from '../parts/loaded.tsx';
import { say } from '../words.ts';

export const isPersonOpen = signal(false);
const PersonDialog = loaded(async () => (await import('./dialogs/person-dialog.tsx')).PersonDialog);

export function People() {
  return (
    <div class="people">
      <label for="person">{say({ en: 'Phone of', zh: '当前用户' })}</label>
      <select
        id="person"
        value={person.value?.openid ?? ''}
        onChange={(event) => choosePerson(event.currentTarget.value)}
      >
        {followers.value.map((follower) => (
          <option
            key={follower.openid}
            value={follower.openid}
            selected={follower.openid === person.value?.openid}
          >
            {describe(follower)}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="icon round"
        disabled={person.value === null}
        aria-label={say({ en: 'About this person', zh: '用户详情' })}
        onClick={() => (isPersonOpen.value = true)}
      >
        i
      </button>
      <Button text={{ en: 'New', zh: '新建' }} act={addPerson} />
      {isPersonOpen.value && <PersonDialog />}
    </div>
  );
}

function describe({ openid, nickname, subscribed }: FollowerView): string {
  const count = unread.value[openid] ?? 0;
  const mark = subscribed ? '' : say({ en: ' – not following', zh: '（未关注）' });
  return `${nickname || openid.slice(0, 12)}${mark}${count > 0 ? ` (${count})` : ''}`;
}

function addPerson(): void {
  askFor({
    title: { en: 'New person', zh: '新建用户' },
    action: { en: 'Create', zh: '创建' },
    fields: [
      {
        name: 'nickname',
        label: { en: 'Name', zh: '昵称' },
        value: say({ en: 'Li Lei', zh: '李雷' }),
        required: true,
      },
      {
        name: 'platform',
        label: { en: 'Phone', zh: '手机系统' },
        kind: 'select',
        value: '1',
        hint: { en: 'Conditional menus can depend on it', zh: '个性化菜单可按此匹配' },
        options: [
          { value: '1', label: { en: 'iOS', zh: 'iOS' } },
          { value: '2', label: { en: 'Android', zh: 'Android' } },
          { value: '3', label: { en: 'Other', zh: '其他' } },
        ],
      },
      {
        name: 'tags',
        label: { en: 'Tag ids, separated by commas (optional)', zh: '标签 ID，以逗号分隔（可为空）' },
      },
    ],
    submit: async ({ nickname, platform, tags }) => {
      const tagIds = splitList(tags);
      const follower = await postControl<FollowerView>('followers', {
        nickname,
        client_platform_type: Number(platform),
        subscribed: false,
        ...(tagIds.length > 0 && { tag_ids: tagIds.map(Number) }),
      });
      await readFollowers();
      choosePerson(follower.openid);
    },
  });
}

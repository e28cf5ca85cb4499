/** 接口调试: any call of the catalogue, with its token filled in and its errcode explained. */
import { computed, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ApiAnswer } from '../../control/types/index.ts';
import { catalogue, readCatalogue } from '../catalogue.ts';
import { templates } from '../live.ts';
import { Tick } from '../parts/form.tsx';
import { attempt } from '../parts/notice.ts';
import { say } from '../words.ts';
import { Answer } from './answer.tsx';
import { CallForm } from './call-form.tsx';

const search = signal('');
const withUnsimulated = signal(false);
const chosen = signal<string>('menu.get');
/** Belongs to the call that was answered: under another form it would be taken for that one's. */
const answer = signal<{ readonly name: string; readonly given: ApiAnswer } | null>(null);

const matching = computed(() => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  return catalogue.value.filter((entry) => {
    if (!entry.simulated && !withUnsimulated.value) return false;
    const text = `${entry.name} ${entry.path} ${entry.title.en} ${entry.title.zh}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
});

const entry = computed(
  () => matching.value.find(({ name }) => name === chosen.value) ?? matching.value[0] ?? null,
);

export function ApiForm() {
  useEffect(() => {
    void attempt(readCatalogue);
  }, []);
  return (
    <div class="api">
      <Chooser />
      {catalogue.value.length > 0 && <Chosen />}
      <div role="status">
        {answer.value !== null && answer.value.name === entry.value?.name && (
          <Answer answer={answer.value.given} />
        )}
      </div>
    </div>
  );
}

function Chosen() {
  if (entry.value === null)
    return <p class="nothing">{say({ en: 'No matches', zh: '没有符合条件的接口' })}</p>;
  return (
    <CallForm
      key={entry.value.name}
      entry={entry.value}
      templates={templates.value}
      onAnswer={(given, { name }) => (answer.value = { name, given })}
    />
  );
}

function Chooser() {
  const groups = [...new Set(matching.value.map(({ group }) => group))];
  return (
    <div class="chooser">
      <div class="field">
        <label for="api-search">{say({ en: 'Search', zh: '搜索' })}</label>
        <input
          id="api-search"
          type="search"
          placeholder={say({ en: 'menu, ticket, user …', zh: '菜单、ticket、user…' })}
          value={search.value}
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for="api-call">
          {say({ en: `Call (${matching.value.length})`, zh: `接口（${matching.value.length}）` })}
        </label>
        <select
          id="api-call"
          value={entry.value?.name ?? ''}
          onChange={(event) => {
            chosen.value = event.currentTarget.value;
            answer.value = null;
          }}
        >
          {groups.map((group) => (
            <optgroup key={group} label={group}>
              {matching.value
                .filter((each) => each.group === group)
                .map((each) => (
                  <option key={each.name} value={each.name} selected={each.name === entry.value?.name}>
                    {say(each.title)} – {each.path}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </div>
      <Tick
        text={{ en: 'Include calls that are not simulated', zh: '同时列出未模拟的接口' }}
        isOn={withUnsimulated.value}
        set={(isOn) => (withUnsimulated.value = isOn)}
      />
    </div>
  );
}

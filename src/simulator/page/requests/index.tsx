/** Every call of the API and every push, live, the newest first. */
import { computed, signal, useComputed } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Text } from '../../../core/text/text.ts';
import type { PushView, RequestRecord } from '../../control/types/index.ts';
import { callTitles, pushTitles, readCatalogue } from '../catalogue.ts';
import { controlAddress, deleteControl } from '../control.ts';
import { isKnown, pushes, requests } from '../live.ts';
import { Button } from '../parts/box.tsx';
import { loaded } from '../parts/loaded.tsx';
import { attempt } from '../parts/notice.ts';
import { openEntry } from '../panels.ts';
import { say, timeOfDay } from '../words.ts';
import {
  filterEntries,
  groupEntries,
  hasCallFailed,
  hasFailed,
  mergeEntries,
  shortAgent,
  type Entry,
  type Group,
  type Shown,
} from './filter.ts';
import { useListKeys } from './keys.ts';
import { isNew, useLooking } from './seen.ts';

export { hasCallFailed } from './filter.ts';
export { newEntries } from './seen.ts';

/** More rows than anybody reads make a window slow. */
const rowsAtOnce = 100;

const CallDetail = loaded(async () => (await import('./call-detail.tsx')).CallDetail);
const SaveTest = loaded<{ onClose: () => void }>(async () => (await import('./save-test.tsx')).SaveTest);
const PushDetail = loaded(async () => (await import('./push-detail.tsx')).PushDetail);

const shown = signal<Shown>('all');
const search = signal('');
const rows = signal(rowsAtOnce);

const entries = computed(() =>
  filterEntries(mergeEntries(requests.value, pushes.value), shown.value, search.value),
);

const groups = computed(() => groupEntries(entries.value));
/** As many as were asked for, and the one that is open or led to. */
const shownGroups = computed(() => {
  const place = groups.value.findIndex((group) => group.entries.some(({ id }) => id === openEntry.value));
  return groups.value.slice(0, Math.max(rows.value, place + 1));
});
/** Groups whose entries are all shown. */
const openGroups = signal<ReadonlySet<string>>(new Set());
const isSaving = signal(false);

export function RequestList() {
  useLooking();
  useListKeys();
  useEffect(() => {
    void attempt(readCatalogue);
    // Whoever comes back begins with the newest ones again.
    return () => {
      rows.value = rowsAtOnce;
    };
  }, []);
  const list = entries.value;
  return (
    <>
      <Filters count={list.length} />
      {isKnown.value && list.length === 0 ? (
        <Nothing />
      ) : (
        <ul class="requests">
          {shownGroups.value.map((group) => (
            <Rows key={group.id} group={group} />
          ))}
        </ul>
      )}
      {groups.value.length > shownGroups.value.length && (
        <Button
          class="more"
          text={{ en: 'Show more', zh: '显示更多' }}
          act={() => (rows.value = shownGroups.value.length + rowsAtOnce)}
        />
      )}
      {isSaving.value && <SaveTest onClose={() => (isSaving.value = false)} />}
    </>
  );
}

const choices: Readonly<Record<Shown, Text>> = {
  all: { en: 'All', zh: '全部' },
  calls: { en: 'API calls', zh: '接口调用' },
  pushes: { en: 'Pushes', zh: '消息推送' },
  failed: { en: 'Failed', zh: '失败' },
};

/** Empties the logs and nothing else; what is under way stays. */
async function clear(): Promise<void> {
  await Promise.all([deleteControl('requests'), deleteControl('pushes')]);
}

/** For the tools of browsers. */
function saveHar(): void {
  const link = document.createElement('a');
  link.href = controlAddress('requests?format=har');
  link.download = 'requests.har';
  link.click();
}

function Filters({ count }: { count: number }) {
  const isEmpty = requests.value.length + pushes.value.length === 0;
  return (
    <div class="filters">
      <div class="chips" role="group" aria-label={say({ en: 'Show', zh: '显示' })}>
        {(Object.keys(choices) as Shown[]).map((choice) => (
          <button
            key={choice}
            type="button"
            class="chip"
            aria-pressed={shown.value === choice}
            onClick={() => (shown.value = choice)}
          >
            {say(choices[choice])}
          </button>
        ))}
      </div>
      <input
        type="search"
        id="requests-search"
        aria-keyshortcuts="/"
        aria-label={say({ en: 'Search the requests', zh: '搜索请求记录' })}
        placeholder={say({ en: 'Search path, errcode or text ( / )', zh: '搜索路径、错误码、内容…（按 /）' })}
        value={search.value}
        onInput={(event) => (search.value = event.currentTarget.value)}
      />
      {/* Only what was asked for is said aloud: a live list would never be silent. */}
      <span class="hint" role={search.value === '' ? undefined : 'status'}>
        {say({ en: `${count} ${count === 1 ? 'entry' : 'entries'}`, zh: `共 ${count} 条` })}
      </span>
      <Button class="plain" text={{ en: 'Clear', zh: '清空' }} disabled={isEmpty} act={clear} />
      <Button
        class="plain"
        text={{ en: 'Save as HAR', zh: '保存为 HAR' }}
        disabled={requests.value.length === 0}
        act={saveHar}
      />
      <Button
        class="plain"
        text={{ en: 'Save as a test', zh: '保存为测试' }}
        act={() => (isSaving.value = true)}
      />
    </div>
  );
}

function Nothing() {
  const isFiltered = shown.value !== 'all' || search.value !== '';
  return (
    <div class="nothing">
      <p>
        {isFiltered
          ? say({ en: 'No matches', zh: '没有符合条件的记录' })
          : say({ en: 'No requests yet', zh: '还没有请求记录' })}
      </p>
      {!isFiltered && (
        <p class="hint">
          {say({
            en: 'Point your client at this address, or follow the account on the phone',
            zh: '请将客户端指向本地址，或在手机上关注公众号',
          })}
          <br />
          <span class="mono">{location.origin}</span>
        </p>
      )}
    </div>
  );
}

/** A call that was repeated is one row, with all of them behind its count. */
function Rows({ group: { id, entries: all } }: { group: Group }) {
  const [first, ...others] = all;
  // One that is open or led to is not hidden.
  const isOpen = useComputed(
    () => openGroups.value.has(id) || others.some((each) => each.id === openEntry.value),
  ).value;
  const toggle = (): void => {
    const rest = [...openGroups.value].filter((other) => other !== id);
    openGroups.value = new Set(isOpen ? rest : [...rest, id]);
  };
  return (
    <>
      <Row entry={first}>
        {others.length > 0 && (
          <button type="button" class="row-count" aria-expanded={isOpen} onClick={toggle}>
            ×{all.length}
            <span class="sr">{say({ en: ' identical calls: show all', zh: ' 次相同调用：全部显示' })}</span>
          </button>
        )}
      </Row>
      {isOpen && others.map((entry) => <Row key={entry.id} entry={entry} isRepeated />)}
    </>
  );
}

interface RowProps {
  readonly entry: Entry;
  readonly isRepeated?: boolean;
  readonly children?: ComponentChild;
}

function Row({ entry, isRepeated = false, children }: RowProps) {
  // Of a thousand rows only those are drawn again that open or close.
  const isOpen = useComputed(() => openEntry.value === entry.id).value;
  const classes = ['row', `row-${entry.kind}`, hasFailed(entry) && 'bad', isRepeated && 'row-repeated'];
  return (
    <li id={entry.id} class={classes.filter((name) => name !== false).join(' ')}>
      <div class="row-line">
        <button
          type="button"
          class="row-head"
          aria-expanded={isOpen}
          onClick={() => (openEntry.value = isOpen ? null : entry.id)}
        >
          <span class="row-time mono">
            {timeOfDay(entry.at)}
            {isNew(entry) && (
              <span class="row-new">
                <span class="sr"> {say({ en: 'new', zh: '新' })}</span>
              </span>
            )}
          </span>
          {entry.kind === 'call' ? <CallHead call={entry.call} /> : <PushHead push={entry.push} />}
        </button>
        {children}
      </div>
      {isOpen && (
        <div class="row-detail">
          {entry.kind === 'call' ? <CallDetail call={entry.call} /> : <PushDetail push={entry.push} />}
        </div>
      )}
    </li>
  );
}

function CallHead({ call }: { call: RequestRecord }) {
  const title = callTitles.value.get(call.path);
  const agent = shortAgent(call.user_agent);
  return (
    <>
      <span class="tag tag-call">{call.method}</span>
      <span class="row-what">
        {title !== undefined && <span class="row-title">{say(title)}</span>}{' '}
        <span class="mono row-path">
          {call.host}
          {call.path}
        </span>
      </span>
      {call.note !== undefined && <span class="badge">{say(notes[call.note])}</span>}
      {agent !== '' && (
        <span class="row-who" title={call.user_agent}>
          {agent}
        </span>
      )}
      <span class="row-ms">{call.ms} ms</span>
      <span class={`verdict ${hasCallFailed(call) ? 'verdict-bad' : 'verdict-good'}`}>{callWords(call)}</span>
    </>
  );
}

function callWords({ status, errcode }: RequestRecord): string {
  if (status === null) return say({ en: 'dropped', zh: '已断开' });
  return errcode === null || errcode === 0 ? String(status) : `errcode ${errcode}`;
}

const notes: Readonly<Record<NonNullable<RequestRecord['note']>, Text>> = {
  not_simulated: { en: 'not simulated', zh: '未模拟' },
  example: { en: 'documentation example', zh: '文档示例' },
  unknown_path: { en: 'unknown path', zh: '未知路径' },
  chunked: { en: 'no Content-Length', zh: '缺少 Content-Length' },
  fault: { en: 'injected fault', zh: '注入的故障' },
  dropped: { en: 'injected fault', zh: '注入的故障' },
  failed: { en: 'simulator error', zh: '模拟器出错' },
};

function PushHead({ push }: { push: PushView }) {
  const name = push.event ?? push.msg_type;
  const title = pushTitles.value.get(push.type);
  const last = push.attempts.at(-1);
  return (
    <>
      <span class="tag tag-push">{say({ en: 'PUSH', zh: '推送' })}</span>
      <span class="row-what">
        {title !== undefined && <span class="row-title">{say(title)}</span>}{' '}
        <span class="mono row-path">
          {name}
          {push.event_key !== null && push.event_key !== '' && ` ${push.event_key}`}
        </span>
      </span>
      {push.attempts.length > 1 && (
        <span class="badge">
          {say({ en: `${push.attempts.length} attempts`, zh: `${push.attempts.length} 次` })}
        </span>
      )}
      {last !== undefined && <span class="row-ms">{Math.round(last.ms)} ms</span>}
      <span class={`verdict ${pushClass(push)}`}>{say(pushWords(push))}</span>
    </>
  );
}

function pushClass({ state, valid }: PushView): string {
  if (state === 'failed' || valid === false) return 'verdict-bad';
  return state === 'answered' ? 'verdict-good' : 'verdict-none';
}

function pushWords({ state, valid, skipped, reply }: PushView): Text {
  if (state === 'sending') return { en: 'waiting', zh: '等待中' };
  if (state === 'failed') return { en: 'no response', zh: '无响应' };
  if (state === 'skipped') {
    return skipped === 'paused' ? { en: 'paused', zh: '推送暂停' } : { en: 'not sent', zh: '未推送' };
  }
  if (valid === false) return { en: 'invalid reply', zh: '回复无效' };
  return reply === null ? { en: 'accepted', zh: '已接收' } : { en: 'replied', zh: '已回复' };
}

/** Every call of the API and every push, live, the newest first. */
import { computed, signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import type { Text } from '../../../core/text/text.ts';
import type { PushView, RequestRecord } from '../../control/types/index.ts';
import { isKnown, pushes, requests } from '../live.ts';
import { loaded } from '../parts/loaded.tsx';
import { openEntry } from '../panels.ts';
import { say, timeOfDay } from '../words.ts';
import { filterEntries, hasFailed, mergeEntries, type Entry, type Shown } from './filter.ts';

/** More rows than anybody reads make a window slow. */
const rowsAtOnce = 100;

const CallDetail = loaded(async () => (await import('./call-detail.tsx')).CallDetail);
const PushDetail = loaded(async () => (await import('./push-detail.tsx')).PushDetail);

const shown = signal<Shown>('all');
const search = signal('');
const rows = signal(rowsAtOnce);

const entries = computed(() =>
  filterEntries(mergeEntries(requests.value, pushes.value), shown.value, search.value),
);

export function TrafficList(): ComponentChild {
  const list = entries.value;
  return (
    <>
      <Filters count={list.length} />
      {isKnown.value && list.length === 0 ? (
        <Nothing />
      ) : (
        <ul class="traffic">
          {list.slice(0, rows.value).map((entry) => (
            <Row key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      {list.length > rows.value && (
        <button type="button" class="more" onClick={() => (rows.value += rowsAtOnce)}>
          {say({ en: 'Show more', zh: '显示更多' })}
        </button>
      )}
    </>
  );
}

const choices: Readonly<Record<Shown, Text>> = {
  all: { en: 'All', zh: '全部' },
  calls: { en: 'API calls', zh: '接口调用' },
  pushes: { en: 'Pushes', zh: '消息推送' },
  failed: { en: 'Failed', zh: '失败' },
};

function Filters({ count }: { count: number }): ComponentChild {
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
        aria-label={say({ en: 'Search the requests', zh: '搜索请求记录' })}
        placeholder={say({ en: 'Search path, errcode, text …', zh: '搜索路径、错误码、内容…' })}
        value={search.value}
        onInput={(event) => (search.value = event.currentTarget.value)}
      />
      {/* Only what was asked for is said aloud: a live list would never be silent. */}
      <span class="hint" role={search.value === '' ? undefined : 'status'}>
        {say({ en: `${count} ${count === 1 ? 'entry' : 'entries'}`, zh: `共 ${count} 条` })}
      </span>
    </div>
  );
}

function Nothing(): ComponentChild {
  const isFiltered = shown.value !== 'all' || search.value !== '';
  return (
    <div class="nothing">
      <p>
        {isFiltered
          ? say({ en: 'Nothing matches', zh: '没有符合条件的记录' })
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

function Row({ entry }: { entry: Entry }): ComponentChild {
  const isOpen = openEntry.value === entry.id;
  return (
    <li id={entry.id} class={`row row-${entry.kind}${hasFailed(entry) ? ' bad' : ''}`}>
      <button
        type="button"
        class="row-head"
        aria-expanded={isOpen}
        onClick={() => (openEntry.value = isOpen ? null : entry.id)}
      >
        <span class="row-time mono">{timeOfDay(entry.at)}</span>
        {entry.kind === 'call' ? <CallHead call={entry.call} /> : <PushHead push={entry.push} />}
      </button>
      {isOpen && (
        <div class="row-detail">
          {entry.kind === 'call' ? <CallDetail call={entry.call} /> : <PushDetail push={entry.push} />}
        </div>
      )}
    </li>
  );
}

function CallHead({ call }: { call: RequestRecord }): ComponentChild {
  const isBad = hasFailed({ kind: 'call', id: '', at: '', call });
  return (
    <>
      <span class="tag tag-call">{call.method}</span>
      <span class="row-what mono">{call.path}</span>
      {call.note !== undefined && <span class="badge">{say(notes[call.note])}</span>}
      <span class={`verdict ${isBad ? 'verdict-bad' : 'verdict-good'}`}>{callWords(call)}</span>
    </>
  );
}

function callWords({ status, errcode }: RequestRecord): string {
  if (status === null) return say({ en: 'dropped', zh: '已断开' });
  return errcode === null || errcode === 0 ? String(status) : `errcode ${errcode}`;
}

const notes: Readonly<Record<NonNullable<RequestRecord['note']>, Text>> = {
  not_simulated: { en: 'not simulated', zh: '未模拟' },
  unknown_path: { en: 'unknown path', zh: '未知路径' },
  chunked: { en: 'no Content-Length', zh: '缺少 Content-Length' },
  fault: { en: 'fault', zh: '注入故障' },
  dropped: { en: 'dropped', zh: '已断开' },
  failed: { en: 'simulator failed', zh: '模拟器出错' },
};

function PushHead({ push }: { push: PushView }): ComponentChild {
  const name = push.event ?? push.msg_type;
  return (
    <>
      <span class="tag tag-push">{say({ en: 'PUSH', zh: '推送' })}</span>
      <span class="row-what mono">
        {name}
        {push.event_key !== null && push.event_key !== '' && ` ${push.event_key}`}
      </span>
      {push.attempts.length > 1 && (
        <span class="badge">
          {say({ en: `${push.attempts.length} attempts`, zh: `${push.attempts.length} 次` })}
        </span>
      )}
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
  if (state === 'failed') return { en: 'no answer', zh: '无应答' };
  if (state === 'skipped') {
    return skipped === 'paused' ? { en: 'paused', zh: '推送暂停' } : { en: 'not sent', zh: '未发送' };
  }
  if (valid === false) return { en: 'bad reply', zh: '回复无效' };
  return reply === null ? { en: 'accepted', zh: '已接收' } : { en: 'replied', zh: '已回复' };
}

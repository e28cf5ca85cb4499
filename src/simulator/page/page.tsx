/** The page of the simulator, and its frame: a head, the phone, and one panel of the rest. In a narrow window the phone is one of the panels. */
import { effect } from '@preact/signals';
import { render, type FunctionComponent } from 'preact';
import type { Text } from '../../core/text/text.ts';
import { chooseAccount, chosenAccount, deleteControl } from './control.ts';
import {
  accountName,
  accounts,
  clock,
  connection,
  faults,
  isKnown,
  pushes,
  requests,
  scenario,
  startLive,
  state,
  unread,
} from './live.ts';
import { loaded } from './parts/loaded.tsx';
import { attempt, notice, notify } from './parts/notice.ts';
import { arrowKeys } from './parts/tabs.ts';
import { chosenPanel, firstPanel, isWide, openPanel, panelNames, type PanelName } from './panels.ts';
import { Phone } from './phone/index.tsx';
import { newEntries, RequestList } from './requests/index.tsx';
import { language, movedBy, say, switchLanguage } from './words.ts';

const titles: Readonly<Record<PanelName, Text>> = {
  start: { en: 'Start', zh: '开始' },
  phone: { en: 'Phone', zh: '手机' },
  requests: { en: 'Requests', zh: '请求记录' },
  api: { en: 'API', zh: '接口调试' },
  settings: { en: 'Settings', zh: '配置' },
  jssdk: { en: 'JS-SDK', zh: 'JS-SDK' },
};

/** What is not seen at first is loaded when it is first opened. */
const panels: Readonly<Record<PanelName, FunctionComponent>> = {
  start: loaded(async () => (await import('./start/index.tsx')).Start),
  phone: Phone,
  requests: RequestList,
  api: loaded(async () => (await import('./api/index.tsx')).ApiForm),
  settings: loaded(async () => (await import('./settings/index.tsx')).Settings),
  jssdk: loaded(async () => (await import('./jssdk/index.tsx')).JssdkCheck),
};

/** A form that is filled in before the account is known would be sent as if the account had nothing. */
const filledIn: readonly PanelName[] = ['start', 'api', 'settings'];

function App() {
  const names = panelNames.filter((name) => !(isWide.value && name === 'phone'));
  const open = openPanel.value;
  const Panel = panels[open];
  return (
    <>
      <Head />
      <div class="frame">
        {isWide.value && (
          <section class="phone-side" aria-label={say(titles.phone)}>
            <Phone />
          </section>
        )}
        <main class="work">
          <Tabs names={names} open={open} />
          <Toast />
          <div
            role="tabpanel"
            id="panel"
            class={`panel panel-${open}`}
            aria-labelledby={`tab-${open}`}
            key={open}
          >
            {(isKnown.value || !filledIn.includes(open)) && <Panel />}
          </div>
        </main>
      </div>
    </>
  );
}

function Head() {
  const account = state.value?.account;
  return (
    <header class="head">
      <h1>
        <img src="/_page/icon.svg" alt="" width="24" height="24" />
        {say({ en: 'WeChat simulator', zh: '微信模拟器' })}
      </h1>
      {accounts.value.length > 1 ? (
        <AccountChoice />
      ) : (
        account !== undefined && (
          <span class="head-appid">
            {accountName.value} <span class="mono">{account.appid}</span>
          </span>
        )
      )}
      <span class="head-chips">
        <HeadChips />
      </span>
      <Connection />
      <button
        type="button"
        class="plain"
        lang={language.value === 'zh' ? 'en' : 'zh-CN'}
        onClick={switchLanguage}
      >
        {language.value === 'zh' ? 'English' : '中文'}
      </button>
    </header>
  );
}

/** What makes this simulator unlike an ordinary day, each with a button that ends it. */
function HeadChips() {
  const offset = clock.value?.offset_ms ?? 0;
  const waiting = faults.value.length;
  const names = scenario.value.join(', ');
  const moved = movedBy(offset);
  return (
    <>
      {names !== '' && (
        <Chip
          path="scenario"
          text={{ en: `Scenario ${names}`, zh: `场景 ${names}` }}
          end={{ en: 'end it', zh: '结束' }}
          ended={{ en: 'Scenario ended', zh: '场景已结束' }}
        />
      )}
      {waiting > 0 && (
        <Chip
          path="faults"
          text={{ en: `${waiting} ${waiting === 1 ? 'fault' : 'faults'}`, zh: `${waiting} 个故障` }}
          end={{ en: 'clear', zh: '清除' }}
          ended={{ en: 'All faults cleared', zh: '故障已全部清除' }}
        />
      )}
      {offset !== 0 && (
        <Chip
          path="clock"
          text={{ en: `Clock ${moved.en}`, zh: `时钟 ${moved.zh}` }}
          end={{ en: 'back to real time', zh: '恢复真实时间' }}
          ended={{ en: 'The clock is back to real time', zh: '时钟已恢复为真实时间' }}
        />
      )}
    </>
  );
}

interface ChipProps {
  readonly text: Text;
  /** What a click does, for those who cannot see the cross. */
  readonly end: Text;
  readonly ended: Text;
  /** What is deleted below `/_ctl/`. */
  readonly path: string;
}

function Chip({ text, end, ended, path }: ChipProps) {
  const stop = async (): Promise<void> => {
    await deleteControl(path);
    notify(ended);
  };
  return (
    <button
      type="button"
      class="head-chip"
      title={say(end)}
      aria-label={say({ en: `${text.en}: ${end.en}`, zh: `${text.zh}：${end.zh}` })}
      onClick={() => void attempt(stop)}
    >
      {say(text)}
      <span aria-hidden="true">✕</span>
    </button>
  );
}

function AccountChoice() {
  const [first, ...others] = accounts.value;
  const open = chosenAccount ?? first?.appid;
  return (
    <select
      class="head-account mono"
      aria-label={say({ en: 'Account', zh: '公众号' })}
      value={open}
      onChange={({ currentTarget: { value } }) => chooseAccount(value === first?.appid ? null : value)}
    >
      {[first, ...others].map(
        (each) =>
          each !== undefined && (
            <option key={each.appid} value={each.appid} selected={each.appid === open}>
              {[each.appid === open ? accountName.value : each.name, each.appid].join(' ').trim()}
            </option>
          ),
      )}
    </select>
  );
}

function Connection() {
  const words: Readonly<Record<typeof connection.value, Text>> = {
    connecting: { en: 'Connecting', zh: '连接中' },
    live: { en: 'Live', zh: '实时' },
    lost: { en: 'Reconnecting', zh: '重新连接中' },
  };
  return (
    <span class={`live live-${connection.value}`} role="status">
      {say(words[connection.value])}
    </span>
  );
}

function choosePanel(name: PanelName): void {
  chosenPanel.value = name;
}

function Tabs({ names, open }: { names: readonly PanelName[]; open: PanelName }) {
  const counts: Readonly<Partial<Record<PanelName, number>>> = {
    phone: Object.values(unread.value).reduce((sum, count) => sum + count, 0),
    requests: newEntries.value,
  };
  return (
    <div
      role="tablist"
      class="tabs"
      aria-label={say({ en: 'Panels', zh: '面板' })}
      onKeyDown={arrowKeys(names, open, choosePanel)}
    >
      {names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-controls="panel"
          aria-selected={name === open}
          tabIndex={name === open ? 0 : -1}
          onClick={() => choosePanel(name)}
        >
          {say(titles[name])}
          {(counts[name] ?? 0) > 0 && <span class="count">{counts[name]}</span>}
        </button>
      ))}
    </div>
  );
}

/** Draws the notice. The region is always there: screen readers announce what changes in it. */
function Toast() {
  const shown = notice.value;
  return (
    <div class="toast-place" role={shown?.isBad === true ? 'alert' : 'status'}>
      {shown !== null && <p class={`toast${shown.isBad ? ' bad' : ''}`}>{say(shown.text)}</p>}
    </div>
  );
}

const place = document.getElementById('app');
if (place !== null) render(<App />, place);
void attempt(startLive);
const stop = effect(() => {
  if (!isKnown.value) return;
  // Once: a panel that changes by itself would take away what somebody is reading.
  if (requests.peek().length + pushes.peek().length > 0) firstPanel.value = 'later';
  queueMicrotask(() => stop());
});

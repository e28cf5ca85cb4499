/** How the simulator stands at the moment. */
import type { Text } from '../../../core/text/text.ts';
import { callback, clock, faults, followers, pushes, requests } from '../live.ts';
import { Box } from '../parts/box.tsx';
import { movedBy, say, timeOfDay } from '../words.ts';

export function Overview() {
  const rows: readonly (readonly [Text, Text])[] = [
    [{ en: 'Your server', zh: '服务器' }, reachable()],
    [{ en: 'Faults', zh: '故障' }, faultsOn()],
    [{ en: 'Clock', zh: '时钟' }, clockStands()],
    [{ en: 'API calls', zh: '接口调用' }, count(requests.value.length)],
    [{ en: 'Pushes', zh: '消息推送' }, count(pushes.value.length)],
    [{ en: 'Followers', zh: '关注者' }, count(followers.value.filter((each) => each.subscribed).length)],
  ];
  return (
    <Box id="overview" title={{ en: 'Overview', zh: '概览' }}>
      <dl class="overview">
        {rows.map(([name, value]) => (
          <div key={name.en}>
            <dt>{say(name)}</dt>
            <dd>{say(value)}</dd>
          </div>
        ))}
      </dl>
    </Box>
  );
}

function count(number: number): Text {
  return { en: String(number), zh: String(number) };
}

/** What the newest push says of the server. */
function reachable(): Text {
  if ((callback.value?.url ?? null) === null) return { en: 'not set', zh: '未设置' };
  const last = pushes.value.findLast(({ state }) => state === 'answered' || state === 'failed');
  if (last === undefined) return { en: 'set, no pushes yet', zh: '已设置，尚未推送' };
  const at = timeOfDay(last.at);
  return last.state === 'answered'
    ? { en: `responded at ${at}`, zh: `${at} 有响应` }
    : { en: `no response at ${at}`, zh: `${at} 无响应` };
}

function faultsOn(): Text {
  const waiting = faults.value.length;
  return waiting === 0 ? { en: 'none', zh: '无' } : { en: `${waiting} waiting`, zh: `${waiting} 个待触发` };
}

function clockStands(): Text {
  const offset = clock.value?.offset_ms ?? 0;
  return offset === 0 ? { en: 'real time', zh: '真实时间' } : movedBy(offset);
}

/** 开始: what somebody needs who sees the simulator for the first time, in the order in which they need it. */
import { Connect } from './connect.tsx';
import { Overview } from './overview.tsx';
import { ServerForm } from './server-form.tsx';
import { TryIt } from './try-it.tsx';

export function Start() {
  return (
    <div class="start">
      <TryIt />
      <ServerForm />
      <Connect />
      <Overview />
    </div>
  );
}

/** The page of the simulator: starts the events and draws. */
import { render } from 'preact';
import { App } from './app.tsx';
import { startLive } from './live.ts';
import { attempt } from './parts/notice.ts';

const place = document.getElementById('app');
if (place !== null) render(<App />, place);
void attempt(startLive);

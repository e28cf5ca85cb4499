// Preloaded by the benchmark: tells what the process has used, on descriptor 3 when it ends or is told to; and where it has
// a channel to its parent, whenever a message comes.
const used = () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakKiB: maxRSS };
};
if (process.channel === undefined) {
  process.on('exit', () => require('fs').writeSync(3, JSON.stringify(used())));
  if (process.env.WECHAT_MP_BENCH_ASKS) process.on('SIGUSR2', () => process.exit());
} else {
  process.on('message', () => process.send(used()));
  // The process ends as it would without a parent.
  process.channel.unref();
}

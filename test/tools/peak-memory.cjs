// Preloaded by the benchmark: tells the process's peak memory in KiB on descriptor 3 when it ends.
process.on('exit', () => require('fs').writeSync(3, String(process.resourceUsage().maxRSS)));

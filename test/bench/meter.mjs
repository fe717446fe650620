// Loaded into a process with --import: writes what the process used when it ends.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = { seconds: (userCPUTime + systemCPUTime) / 1e6, peakMB: maxRSS / 1024 };
  writeFileSync(process.env.BENCH_METER, JSON.stringify(used));
});

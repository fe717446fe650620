// Loaded before the command line: kills its process, by SIGKILL, before or after its n-th call of a function of node:fs.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [name = '', number, when] = (process.env.KILLED_AT ?? '').split(' ');
const real = fs[name];
let calls = 0;
fs[name] = (...args) => {
  calls += 1;
  const isDue = calls === Number(number);
  if (isDue && when === 'before') process.kill(process.pid, 'SIGKILL');
  const result = real(...args);
  if (isDue && when === 'after') process.kill(process.pid, 'SIGKILL');
  return result;
};
syncBuiltinESMExports();

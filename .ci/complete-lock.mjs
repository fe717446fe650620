// Adds to package-lock.json the platform packages that npm left out of it because they do not fit the machine
// it ran on (https://github.com/npm/cli/issues/4828), without which `npm ci` refuses the file. Run it after npm install.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

let added = 0;
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    if (lock.packages[path] !== undefined) continue;
    const words = name.split(/[-/]/);
    const os = systems.find((one) => words.includes(one));
    const cpu = processors.find((one) => words.some((word) => word === one));
    if (os === undefined && cpu === undefined && !words.includes('wasm32')) continue;
    if (!/^\d/.test(version)) throw new Error(`${name} is wanted as ${version}, not as one version`);
    const libc = words.some((word) => /musl/.test(word))
      ? 'musl'
      : os === 'linux' && words.some((word) => /^gnu/.test(word))
        ? 'glibc'
        : undefined;
    lock.packages[path] = {
      version,
      ...(entry.dev === true ? { dev: true } : {}),
      ...(libc === undefined ? {} : { libc: [libc] }),
      cpu: [cpu ?? 'wasm32'],
      optional: true,
      ...(os === undefined ? {} : { os: [os] }),
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} platform packages added\n`);

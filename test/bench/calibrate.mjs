// The unit of processor time: a fixed loop over maps, texts and objects, as a plan is made of.
let found = 0;
for (let round = 0; round < 10; round += 1) {
  const map = new Map();
  for (let index = 0; index < 100_000; index += 1) {
    const key = `grant ${index % 977} table ${index} SELECT`;
    map.set(key, { key, index });
  }
  for (const key of [...map.keys()].sort()) found += map.get(key).index % 7;
}
if (found !== 2_999_950) throw new Error(`the loop came to ${found}`);

import { configureGlobal } from 'fast-check';

// The default run draws the same examples everywhere; a campaign draws others: MESHGATE_LAW_SEED=random, or a number.
const seed = process.env['MESHGATE_LAW_SEED'] ?? '20261121';
if (seed !== 'random') configureGlobal({ seed: Number(seed) });

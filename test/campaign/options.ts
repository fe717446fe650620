import { argumentsFrom, BadArgument, wholeNumber } from '../support/arguments.ts';
import type { Campaign } from './campaign.ts';
import { type Family, families, usualWidth } from './draw.ts';
import { usualIamWidth } from './iam.ts';

/** What `npm run campaign` is asked for. */
export type Asked =
  | { readonly kind: 'help' | 'worker' }
  | { readonly kind: 'replay'; readonly files: readonly string[] }
  | { readonly kind: 'campaign'; readonly campaign: Campaign };

/** What a person is told. */
export const help = `Usage: npm run campaign -- [options]
       npm run campaign -- --replay FILE…

Tries the laws on drawn cases.

  --seed N             which cases are drawn, by default 1
  --count N            how many, by default 10000
  --from N             the first of them that is tried, where a run that was stopped goes on
  --law N              only cases that ask this law; may be given several times
  --family NAME        only cases of this family: ${Object.keys(families).join(', ')}
  --consumers-in N     in every Nth case of a family subscriptions reach into consumers' accounts, by default ${usualWidth}
  --iam-in N           in every Nth case of a family products say what becomes of IAM_ALLOWED_PRINCIPALS, by default ${usualIamWidth}
  --jobs N             how many processes
  --shrink-seconds N   how long each finding is made smaller, by default 30
  --replay FILE…       tries the cases of files once more
`;

/** Reads the command line; throws `BadArgument` for what would try something else than was meant, or nothing. */
export function asked(args: readonly string[]): Asked {
  const { values, positionals } = argumentsFrom({
    args: [...args],
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '10000' },
      from: { type: 'string', default: '0' },
      law: { type: 'string', multiple: true, default: [] },
      family: { type: 'string', multiple: true, default: [] },
      'consumers-in': { type: 'string', default: String(usualWidth) },
      'iam-in': { type: 'string', default: String(usualIamWidth) },
      jobs: { type: 'string' },
      'shrink-seconds': { type: 'string', default: '30' },
      worker: { type: 'boolean', default: false },
      replay: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { kind: 'help' };
  if (values.worker) return { kind: 'worker' };
  if (values.replay !== positionals.length > 0)
    throw new BadArgument(values.replay ? '--replay needs a file' : `${positionals[0]} is no option`);
  if (values.replay) return { kind: 'replay', files: positionals };
  const from = wholeNumber('--from', values.from, 0);
  return {
    kind: 'campaign',
    campaign: {
      seed: wholeNumber('--seed', values.seed, 0),
      count: wholeNumber('--count', values.count, from + 1),
      from,
      only: [...values.family.map(familyNamed), ...values.law.flatMap(familiesThatAsk)],
      consumersIn: wholeNumber('--consumers-in', values['consumers-in'], 1),
      iamIn: wholeNumber('--iam-in', values['iam-in'], 1),
      jobs: values.jobs === undefined ? undefined : wholeNumber('--jobs', values.jobs, 1),
      shrinkSeconds: wholeNumber('--shrink-seconds', values['shrink-seconds'], 0),
    },
  };
}

function familyNamed(name: string): Family {
  if (Object.hasOwn(families, name)) return name as Family;
  throw new BadArgument(`--family ${name} is none of ${Object.keys(families).join(', ')}`);
}

function familiesThatAsk(law: string): readonly Family[] {
  const found = (Object.keys(families) as Family[]).filter((name) =>
    families[name].laws.some((one) => `${one}` === law),
  );
  if (found.length > 0) return found;
  const all = new Set(Object.values(families).flatMap(({ laws }) => laws));
  throw new BadArgument(`--law ${law} is none that a campaign asks: ${[...all].sort().join(', ')}`);
}

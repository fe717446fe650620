import { runScript } from '../support/arguments.ts';
import { campaign } from './campaign.ts';
import { asked, help } from './options.ts';
import { replay } from './replay.ts';
import { work } from './worker.ts';

await runScript(help, async () => {
  const what = asked(process.argv.slice(2));
  switch (what.kind) {
    case 'help':
      process.stdout.write(help);
      return 0;
    case 'worker':
      work();
      return 0;
    case 'replay':
      return replay(what.files);
    case 'campaign':
      return campaign(what.campaign);
  }
});

import type { TextFile } from '../core/text-file.ts';
import { type Setting, settings } from './settings.ts';

/** The files around a mesh that no program but git, npm and people read; `version` is the exact one of Meshgate. */
export function frameFiles(name: string, version: string): readonly TextFile[] {
  return [
    { path: '.gitignore', text: 'node_modules/\n.meshgate/\n' },
    { path: 'package.json', text: packageText(name, version) },
    { path: 'README.md', text: readme },
    { path: '.github/SETTINGS.md', text: settingsText(settings) },
  ];
}

function packageText(name: string, version: string): string {
  const content = {
    name,
    private: true,
    description: 'Access to a data mesh on AWS Lake Formation as reviewed files.',
    scripts: { validate: 'meshgate validate', codeowners: 'meshgate codeowners' },
    dependencies: { meshgate: version },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

const readme = `# The data mesh

Who may read what on AWS Lake Formation, as reviewed files. A pull request asks for access, the review of the code
owners approves it where personal data is touched, and after the merge
[Meshgate](https://www.npmjs.com/package/meshgate) grants it.

    mesh/mesh.yaml                                                  the central catalog and the administrators
    mesh/accounts/<account>.yaml                                    an AWS account: producer, consumer, or both
    mesh/products/<domain>/<product>.yaml                           tables, columns, and what in them is personal
    mesh/subscriptions/<domain>/<product>/<consumer>[.<name>].yaml  one request for access

| to | do |
|---|---|
| ask for access | open an issue with the form, or run \`npx meshgate request\`, or add a file under \`mesh/subscriptions\` in a pull request |
| give it | review the pull request: the owners of a product are asked where anything personal is touched |
| end it | remove the file, or let it expire |
| cut it at once | \`npx meshgate revoke --now\` |
| see what is granted and why | the report on a pull request; the issue on drift; \`npx meshgate plan\` |

After a change of owners, products, or of what is personal: \`npx meshgate codeowners\`, which writes \`.github/CODEOWNERS\`.

## The first time

1. \`npm install --ignore-scripts\` writes the lock file. Commit everything to \`main\`.
2. [The settings](.github/SETTINGS.md) that guard approval outside these files.
3. \`npx meshgate doctor --trust-root HEAD\`, with credentials for the central account, tells what else stands in the way.
4. What the lake grants already: \`npx meshgate import\` writes it as files.

| workflow | does |
|---|---|
| check | on every pull request: validates, tells who must approve and what would change |
| automerge | merges requests that need nobody's review |
| apply | after a merge: makes the lake as main says |
| drift | on a schedule: tells where the lake differs, what expires and what waits |
| intake | makes a pull request of an issue |
`;

/** The settings as a list to tick off, each with its commands. */
function settingsText(all: readonly Setting[]): string {
  const items = all.map(({ title, why, commands }) =>
    [`## ${title}`, '', `- [ ] ${why}`, '', '```bash', ...commands, '```'].join('\n'),
  );
  return `# Settings to switch on

Code, lock file and workflows cannot guard themselves: these settings do. An administrator of the repository runs the
commands in a clone of it, with the [GitHub CLI](https://cli.github.com), after the first push to \`main\`; names in
capitals are yours. They are no part of the files, so look now and then whether they still hold: every run of apply
looks, too, and reports what it misses.

${items.join('\n\n')}
`;
}

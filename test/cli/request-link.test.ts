import { describe, expect, test } from 'vitest';
import { apiOf, fileLink, newFileLink, siteOf } from '../../src/cli/request/link.ts';

describe('the repository on GitHub', () => {
  test.each([
    ['git@github.com:acme/mesh.git', 'https://github.com acme/mesh'],
    ['https://github.com/acme/mesh', 'https://github.com acme/mesh'],
    ['https://eve:secret@git.example/acme/mesh.git/', 'https://git.example acme/mesh'],
    ['ssh://git@git.example:2222/acme/data.mesh.git', 'https://git.example acme/data.mesh'],
  ])('is read from the remote %s', (remote, expected) => {
    const { server, owner, repo } = siteOf({}, remote);
    expect(`${server} ${owner}/${repo}`).toBe(expected);
  });

  test.each(['/srv/git/mesh.git', 'file:///srv/git/acme/mesh', '../mesh', ''])('is not guessed from %s', (remote) => {
    expect(() => siteOf({}, remote)).toThrow('nothing says which repository');
    const env = { GITHUB_REPOSITORY: 'acme/mesh', GITHUB_SERVER_URL: 'https://git.example' };
    expect(siteOf(env, remote)).toEqual({ server: 'https://git.example', owner: 'acme', repo: 'mesh' });
  });

  test('is not another one than the remote is', () => {
    const remote = 'git@github.com:acme/mesh.git';
    expect(siteOf({ GITHUB_REPOSITORY: 'Acme/mesh' }, remote)).toMatchObject({ owner: 'Acme', repo: 'mesh' });
    expect(() => siteOf({ GITHUB_REPOSITORY: 'acme/other' }, remote)).toThrow(
      'GITHUB_REPOSITORY says acme/other, and the remote is acme/mesh',
    );
  });

  test('has its API where GitHub has it', () => {
    expect(apiOf({}, siteOf({}, 'git@github.com:acme/mesh.git'))).toBe('https://api.github.com');
    expect(apiOf({}, siteOf({}, 'git@git.example:acme/mesh.git'))).toBe('https://git.example/api/v3');
    expect(apiOf({ GITHUB_API_URL: 'http://127.0.0.1:1' }, siteOf({}, 'git@git.example:a/b'))).toBe(
      'http://127.0.0.1:1',
    );
  });
});

describe('a link', () => {
  const site = { server: 'https://github.com/', owner: 'acme', repo: 'mesh' };
  const path = 'mesh/subscriptions/sales/orders/marketing.yaml';

  test('holds the text as it is, and ends neither in Markdown nor in a mail', () => {
    const text = "rows: region = 'EU' and (a & b) # 100 % ü\n";
    const link = newFileLink(site, { branch: 'release/1', path, text }) ?? '';
    expect(link).toMatch(/^https:\/\/github\.com\/acme\/mesh\/new\/release\/1\?filename=[\w%.-]+&value=[\w%.~-]+$/);
    expect(new URL(link).searchParams.get('value')).toBe(text);
  });

  test('is none where GitHub would not take it', () => {
    expect(newFileLink(site, { branch: 'main', path, text: 'x'.repeat(6891) })).toHaveLength(6999);
    expect(newFileLink(site, { branch: 'main', path, text: 'x'.repeat(6892) })).toBeUndefined();
  });

  test('leads to a file that is there', () => {
    const link = fileLink(site, { branch: 'main', path: 'a b/(c).yaml', action: 'edit' });
    expect(link).toBe('https://github.com/acme/mesh/edit/main/a%20b/%28c%29.yaml');
  });
});

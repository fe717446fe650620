import type { Diagnosis } from '../../src/core/diagnosis.ts';
import { LakeFailure } from '../../src/core/lake.ts';
import { finding, ok, onlyByDoing, unchecked, unread } from '../../src/doctor/check.ts';

/** A diagnosis with every kind of check, of which some text would break out of a terminal or of Markdown. */
export function exampleDiagnosis(): Diagnosis {
  const failure = new LakeFailure({
    operation: 'ListResources',
    code: 'ThrottlingException',
    message: 'Rate exceeded',
    kind: 'passing',
  });
  return {
    format: 1,
    mesh: 'town',
    asOf: '2026-11-21T12:00:00.000Z',
    lake: {
      account: '111122223333',
      region: 'eu-west-1',
      endpoint: 'https://lakeformation.eu-west-1.amazonaws.com',
    },
    caller: 'arn:aws:sts::111122223333:assumed-role/admin/run',
    checks: [
      ok('MESH_FILES', 'mesh is valid: 3 accounts, 2 products, 5 subscriptions'),
      finding('GIT_REPOSITORY', '1 mesh file not as committed: mesh/\u001b[31m|`x`.yaml', {
        severity: 'warning',
        means: 'what they ask for is not proven',
        remedy: 'commit them',
        commands: ["git -C 'a ``` b' status --short ."],
      }),
      finding('GIT_BRANCH', 'no branch is checked out', { severity: 'note', means: 'in a workflow this is usual' }),
      onlyByDoing('WRITE_RIGHTS', 'whether IAM allows the 7 actions by which apply changes something', {
        commands: ['aws iam simulate-principal-policy'],
        unread: new LakeFailure({
          operation: 'SimulatePrincipalPolicy',
          code: 'AccessDenied',
          message: 'no',
          kind: 'final',
        }),
      }),
      finding('OPEN_TO_IAM', 'IAM_ALLOWED_PRINCIPALS holds permissions on 7 tables of stores (a, b, c, …)', {
        severity: 'error',
        means: 'whomever IAM lets in gets past the mesh there',
        commands: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((table) => `revoke ${table}`),
      }),
      unchecked('DATABASE_DEFAULTS', 'whether new tables are open to IAM', { why: 'they could not be read' }),
      unread('REGISTERED', 'which S3 paths are registered', failure),
    ],
  };
}

import { ListPermissionsCommand } from '@aws-sdk/client-lakeformation';
import { columns, database, table } from './fixture.ts';

import { type Case, change, codeOf, held, wide } from './switch-scene.ts';

/** Switches that decide how grants are stored. */
export const grantSwitches: Case[] = [
  {
    name: 'accessDeniedStatus',
    act: ({ analyst: { lakeFormation } }) =>
      lakeFormation
        .send(new ListPermissionsCommand({ Resource: database }))
        .catch((error) => error.$metadata.httpStatusCode),
    seen: { 400: 400, 403: 403 },
  },
  {
    name: 'lakeFormationViolationCode',
    act: ({ client }) => codeOf(client.lakeFormation.send(new ListPermissionsCommand({ MaxResults: 0 }))),
    seen: { InvalidInputException: 'InvalidInputException', ValidationException: 'ValidationException' },
  },
  {
    name: 'expandAllTable',
    act: change('grant', table('orders'), ['ALL']),
    seen: {
      true: [
        'analyst: columns sales.orders *-[] SELECT',
        'analyst: table sales.orders ALL,ALTER,DELETE,DESCRIBE,DROP,INSERT',
      ],
      false: ['analyst: table sales.orders ALL'],
    },
  },
  {
    name: 'expandAllDatabase',
    act: change('grant', database, ['ALL']),
    seen: {
      true: ['analyst: database sales ALL,ALTER,CREATE_TABLE,DESCRIBE,DROP'],
      false: ['analyst: database sales ALL'],
    },
  },
  {
    name: 'allDroppedWithMember',
    given: [held(table('orders'), ['ALL'])],
    act: change('revoke', table('orders'), ['ALTER', 'SELECT']),
    seen: {
      true: ['analyst: table sales.orders DELETE,DESCRIBE,DROP,INSERT'],
      false: ['analyst: table sales.orders ALL,DELETE,DESCRIBE,DROP,INSERT'],
    },
  },
  {
    name: 'columnGrantAgainstModify',
    given: [held(table('orders'), ['INSERT'])],
    act: change('grant', columns('orders', ['o_id']), ['SELECT']),
    seen: {
      refuse: 'InvalidInputException',
      ignore: ['analyst: columns sales.orders [o_id] SELECT', 'analyst: table sales.orders INSERT'],
    },
  },
  {
    name: 'grantOptionWithColumns',
    act: change('grant', columns('orders', ['o_id']), ['SELECT'], ['SELECT']),
    seen: { 'include-only': ['analyst: columns sales.orders [o_id] SELECT +SELECT'], refuse: 'InvalidInputException' },
  },
  {
    name: 'columnListsCoexistWithTable',
    given: [held(table('orders'), ['SELECT'])],
    act: change('grant', columns('orders', ['o_id']), ['SELECT']),
    seen: {
      refuse: 'InvalidInputException',
      allow: ['analyst: columns sales.orders *-[] SELECT', 'analyst: columns sales.orders [o_id] SELECT'],
    },
  },
  {
    name: 'columnListStorage',
    given: [held(columns('orders', ['o_id']), ['SELECT'])],
    act: change('grant', columns('orders', ['o_total']), ['SELECT']),
    seen: {
      rows: ['analyst: columns sales.orders [o_id] SELECT', 'analyst: columns sales.orders [o_total] SELECT'],
      merged: ['analyst: columns sales.orders [o_id,o_total] SELECT'],
    },
  },
  {
    name: 'columnRevokeTakesOverlap',
    given: [
      held(columns('orders', ['o_id', 'o_total']), ['SELECT']),
      held(columns('orders', ['o_email', 'o_id']), ['SELECT']),
    ],
    act: change('revoke', columns('orders', ['o_email', 'o_id']), ['SELECT']),
    seen: {
      false: ['analyst: columns sales.orders [o_id,o_total] SELECT'],
      true: ['analyst: columns sales.orders [o_total] SELECT'],
    },
  },
  {
    name: 'columnsWidenedByIamAllowed',
    given: [{ principal: 'IAM_ALLOWED_PRINCIPALS', resource: table('orders'), permissions: ['ALL'] }],
    act: change('grant', columns('orders', ['o_id']), ['SELECT']),
    seen: {
      true: ['IAM_ALLOWED_PRINCIPALS: table sales.orders ALL', ...wide],
      false: ['IAM_ALLOWED_PRINCIPALS: table sales.orders ALL', 'analyst: columns sales.orders [o_id] SELECT'],
    },
  },
];

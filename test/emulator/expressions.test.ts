import { CreateDataCellsFilterCommand, UpdateDataCellsFilterCommand } from '@aws-sdk/client-lakeformation';
import { expect, test } from 'vitest';
import { cedarFault } from '../../src/emulator/expressions/cedar.ts';
import { predicateFault } from '../../src/emulator/expressions/row-predicate.ts';
import { admin, central, clientOf, refusal, start } from './fixture.ts';

const columns = ['country', 'id', 'year', 'address', 'order'];

// The first of these are the guide's: https://docs.aws.amazon.com/lake-formation/latest/dg/partiql-support.html.
test.each([
  "year > 2010 and country != 'US'",
  "(year > 2010 and country = 'US') or (month < 8 and id > 23)".replace('month', 'year'),
  "(country between 'Z' and 'U') and (year = 2018)",
  "(country like '%ited%') and (year > 2000)",
  "country IN ('SE', 'NO') AND NOT year = -1",
  "country NOT IN ('SE') OR id NOT BETWEEN 1 AND 2 OR country NOT LIKE 'a%'",
  'id IS NOT NULL AND ((address.zip IS NULL))',
  "\"order\" = 1.5 AND Country <> 'it''s' AND id = TRUE",
  "year >= DATE '2020-01-01'",
])('%s is a row predicate', (text) => {
  expect(predicateFault(text, columns)).toBeUndefined();
});

test.each([
  ['', 'it ends too early'],
  ['year >', 'it ends too early'],
  ["country = 'US", 'a text does not end'],
  ['(year = 1', 'it ends too early'],
  ['year = 1)', "unexpected ')'"],
  ['year = id', "unexpected 'id'"],
  ['upper(country) = 1', "there is no column 'upper'"],
  ['city = 1', "there is no column 'city'"],
  ['1 = 1', "unexpected '1'"],
  ['year == 2010', "unexpected '='"],
  ['year = 1 and', 'it ends too early'],
  ['year in ()', "unexpected ')'"],
  ['country like id', "unexpected 'id'"],
  ['year = 1; drop', "unexpected ';'"],
])('%s is none: %s', (text, fault) => {
  expect(predicateFault(text, columns)).toBe(fault);
});

test.each([
  'context has law',
  'context.iam.principalTags.hasTag("department") && context.iam.principalTags.getTag("department") == "sales"',
  '!(principal in Group::"a\\"b") || resource["owner"] like "x*"',
  'if context.n + 1 * -2 >= 3 then true else [1, "a", {b: 2}].contains(principal.id)',
  'principal is App::User in Team::"x"',
  'ip(context.addr).isInRange(ip("10.0.0.0/8"))',
])('%s is Cedar', (text) => {
  expect(cedarFault(text)).toBeUndefined();
});

test.each([
  ['context has', 'it ends too early'],
  ['department = "sales"', "unexpected '='"],
  ['(true', 'it ends too early'],
  ['true true', "unexpected 'true'"],
  ["context.a == 'b'", "unexpected '''"],
  ['"a', 'a text does not end'],
  ['a &&', 'it ends too early'],
])('%s is not: %s', (text, fault) => {
  expect(cedarFault(text)).toBe(fault);
});

test('a filter is not created or updated with rows that cannot be evaluated', async () => {
  const { lakeFormation } = clientOf(await start(), admin);
  const broken = (Name: string) => ({
    TableData: {
      TableCatalogId: central,
      DatabaseName: 'sales',
      TableName: 'orders',
      Name,
      RowFilter: { FilterExpression: "region = 'EU" },
      ColumnWildcard: {},
    },
  });
  const says = /^InvalidInputException: The row filter expression is not valid: a text does not end\.$/;
  expect(await refusal(lakeFormation.send(new CreateDataCellsFilterCommand(broken('new'))))).toMatch(says);
  expect(await refusal(lakeFormation.send(new UpdateDataCellsFilterCommand(broken('europe'))))).toMatch(says);
});

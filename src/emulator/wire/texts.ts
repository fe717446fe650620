import { text } from './shape.ts';

/** What a text of one line is made of in Lake Formation and Glue: no control characters but the tab. */
export const line = /^[\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}\t]*$/u;

/** What a text of several lines is made of in Lake Formation and Glue. */
export const lines = /^[\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}\r\n\t]*$/u;

/** The id of a catalog. */
export const catalogId = text(1, 255, line);

/** The name of a database, table, column, data cells filter or saved expression. */
export const nameString = text(1, 255, line);

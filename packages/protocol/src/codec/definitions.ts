import { z } from 'zod';

import { schemaOf } from '../fields.ts';
import type { FieldNotation } from '../fields.ts';
import { serverMessages, workerMessages } from '../messages.ts';
import type { MessageKind, Side } from '../messages.ts';

/** A row of the message tables, ready for the codec. */
export interface Definition {
  readonly kind: MessageKind;
  readonly code: number;
  readonly from: Side;
  readonly says: string;
  readonly fields: Readonly<Record<string, FieldNotation>>;
  readonly hasPayload: boolean;
  /** Check of the header. */
  readonly schema: z.ZodType<object>;
}

interface Row {
  readonly code: number;
  readonly says: string;
  readonly fields: Readonly<Record<string, FieldNotation>>;
  readonly payload?: true;
}

/** Every message, in the order of the tables: the worker's, then the server's. */
export const definitions: readonly Definition[] = [
  ...rowsOf(workerMessages, 'worker'),
  ...rowsOf(serverMessages, 'server'),
];

const byKind = new Map(definitions.map((definition) => [definition.kind, definition]));
const byCode = new Map(definitions.map((definition) => [definition.code, definition]));

/** The definition of a message that this code sends: its kind is known to the compiler. */
export function definitionOf(kind: MessageKind): Definition {
  const definition = byKind.get(kind);
  if (!definition) throw new TypeError(`no message is called ${kind}`);
  return definition;
}

/** The definition of a message that arrived, if there is one. */
export function definitionOfCode(code: number): Definition | undefined {
  return byCode.get(code);
}

function rowsOf(table: Readonly<Record<string, Row>>, from: Side): Definition[] {
  return Object.entries(table).map(([kind, row]) => ({
    kind: kind as MessageKind,
    code: row.code,
    from,
    says: row.says,
    fields: row.fields,
    hasPayload: row.payload ?? false,
    schema: headerSchema(row.fields),
  }));
}

function headerSchema(fields: Row['fields']): z.ZodType<object> {
  const shape = Object.entries(fields).map(([name, type]) => [name, schemaOf(type)] as const);
  return z.strictObject(Object.fromEntries(shape));
}

import { closeCodes } from './close-codes.ts';
import { definitions } from './codec/definitions.ts';
import type { Definition } from './codec/definitions.ts';
import { fieldMeanings, typeMeanings } from './meanings.ts';
import type { Side } from './messages.ts';
import { refusals } from './refusals.ts';

/**
 * The reference part of `docs/protocol.md` in Markdown, made from the tables that the codec itself
 * uses: messages, fields, field types, close codes, refusals.
 */
export function describeProtocol(): string {
  const sections = [
    ['A worker says', messageTable('worker')],
    ['A server says', messageTable('server')],
    ['Fields', table(['field', 'meaning'], codeRows(fieldMeanings))],
    ['Field types', table(['type', 'value'], codeRows(typeMeanings))],
    ['Close codes', closeCodeTable()],
    ['Refusals', refusalTable()],
  ];
  return sections.map(([title, body]) => `### ${title}\n\n${body}\n`).join('\n');
}

function messageTable(from: Side): string {
  const rows = definitions
    .filter((definition) => definition.from === from)
    .map((definition) => [
      String(definition.code),
      `\`${definition.kind}\``,
      definition.says,
      headerText(definition),
    ]);
  return table(['code', 'message', 'sentence', 'header'], rows);
}

function headerText({ fields, hasPayload }: Definition): string {
  const texts = Object.entries(fields).map(
    ([name, type]) => `\`${name}\`: ${type.replace('|', ' or ')}`,
  );
  return [...texts, ...(hasPayload ? ['**payload**'] : [])].join(', ');
}

function closeCodeTable(): string {
  const rows = closeCodes.map(({ code, name, meaning, fix, reconnect }) => {
    return [String(code), `\`${name}\``, meaning, fix, reconnect ? 'yes' : 'no'];
  });
  return table(['code', 'name', 'meaning', 'fix', 'connect again'], rows);
}

function refusalTable(): string {
  const rows = refusals.map(({ reason, answer, meaning }) => [`\`${reason}\``, answer, meaning]);
  return table(['reason', 'answer', 'meaning'], rows);
}

function codeRows(meanings: Readonly<Record<string, string>>): string[][] {
  return Object.entries(meanings).map(([name, meaning]) => [`\`${name}\``, meaning]);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

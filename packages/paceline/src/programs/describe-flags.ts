import { variableOf } from './add-flags.ts';
import type { FlagDefinition } from './flags.ts';

/** Variables that are no flags. */
const others: readonly (readonly [string, string, string])[] = [
  ['`PACELINE_TOKEN`', 'the text of `--token-file`; never a flag: those everybody can list', 'all'],
  ['`PACELINE_SERVER`', 'the URL of the server', 'worker'],
];

/** A table of all flags of some programs, the variables that stand for them, and which program takes which. */
export function describeFlags(
  programs: Readonly<Record<string, readonly FlagDefinition[]>>,
): string {
  const rows = new Map<
    string,
    { readonly definition: FlagDefinition; readonly takers: string[] }
  >();
  for (const [program, definitions] of Object.entries(programs)) {
    for (const definition of definitions) {
      const row = rows.get(variableOf(definition)) ?? { definition, takers: [] };
      row.takers.push(program);
      rows.set(variableOf(definition), row);
    }
  }
  const lines = [...rows].map(([variable, { definition, takers }]) =>
    line([
      `\`${variable}\``,
      `\`${definition.flags}\``,
      descriptionOf(definition),
      takers.join(', '),
    ]),
  );
  const more = others.map(([variable, words, takers]) => line([variable, '', words, takers]));
  return [
    line(['variable', 'flag', 'is', 'of']),
    line(['---', '---', '---', '---']),
    ...lines,
    ...more,
  ].join('\n');
}

function descriptionOf({ description, choices }: FlagDefinition): string {
  return choices === undefined ? description : `${description} (${choices.join(', ')})`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

import { z } from 'zod';

import { wholeNumber } from '../values.ts';
import { fileFields } from './files.ts';
import type { FileDataSettings } from './files.ts';
import type { DataMember } from './member.ts';

/** Text as windows of tokens. */
export interface TextSettings extends FileDataSettings {
  readonly type: 'text';
  readonly tokens: 'bytes' | 'gpt2';
  /** Tokens of an example. */
  readonly length: number;
}

/** Check of text. */
export const text: DataMember<TextSettings> = z.strictObject({
  type: z.literal('text'),
  ...fileFields,
  tokens: z
    .enum(['bytes', 'gpt2'])
    .default('bytes')
    .describe('What a token is: a byte, or what GPT-2 takes.'),
  length: wholeNumber(1, 1_048_576).describe('Tokens of an example.'),
});

/** What a checkpoint can be exported to. */
export const exportFormats = ['tfjs', 'safetensors'] as const;

/** One of {@link exportFormats}. */
export type ExportFormat = (typeof exportFormats)[number];

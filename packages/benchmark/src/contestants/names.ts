/** What contestants are called, in results and in the goals that are held against them. */
export const names = {
  ours: 'paceline',
  alone: 'paceline, 1 worker',
  torch: 'PyTorch DDP',
  fit: 'model.fit',
} as const;

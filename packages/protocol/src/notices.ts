/** What a layout may bring of sentences for people: they stand in events, logs and terminals. */
export const noticeLimits = { most: 32, characters: 4096 } as const;

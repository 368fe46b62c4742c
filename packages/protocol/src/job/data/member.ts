import type { z } from 'zod';

/** The check of one kind of data, told apart from others by its `type`. */
export type DataMember<T> = z.ZodType<T> & z.core.$ZodTypeDiscriminable;

/**
 * Waits for a promise, but not for ever: nothing in a test waits without a deadline.
 *
 * @param promise - What is waited for.
 * @param deadlineMs - How long, in milliseconds.
 * @param describe - Called when the time is up: what was waited for, and what is known about why it did not come.
 * @throws Error with those words
 */
export async function within<T>(
  promise: Promise<T>,
  deadlineMs: number,
  describe: () => string,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(`not within ${deadlineMs / 1000} s: ${describe()}`));
  }, deadlineMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

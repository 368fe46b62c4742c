/** What arrives at any time, to be taken one after the other. */
export interface Inbox<T> {
  push(item: T): void;
  /** Nothing more will come. */
  close(): void;
  /** The next item, as soon as there is one; undefined when nothing more will come. One may wait at a time. */
  next(): Promise<T | undefined>;
}

/** Creates an empty one. */
export function createInbox<T>(): Inbox<T> {
  const items: T[] = [];
  let isClosed = false;
  let wake = (): void => undefined;
  return {
    push: (item) => {
      items.push(item);
      wake();
    },
    close: () => {
      isClosed = true;
      wake();
    },
    next: async () => {
      if (items.length === 0 && !isClosed) {
        const { promise, resolve } = Promise.withResolvers<undefined>();
        wake = () => {
          resolve(undefined);
        };
        await promise;
      }
      return items.shift();
    },
  };
}

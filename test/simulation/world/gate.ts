/** A place that things pass in their order: at once while it is open, when it opens again while it is shut. */
export interface Gate {
  readonly isOpen: boolean;
  pass(act: () => void): void;
  shut(): void;
  open(): void;
}

/** An open gate. */
export function createGate(): Gate {
  const waiting: (() => void)[] = [];
  let isOpen = true;
  return {
    get isOpen() {
      return isOpen;
    },
    pass(act) {
      if (isOpen) act();
      else waiting.push(act);
    },
    shut() {
      isOpen = false;
    },
    open() {
      isOpen = true;
      for (const act of waiting.splice(0)) act();
    },
  };
}

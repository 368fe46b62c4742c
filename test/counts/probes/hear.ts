/** A call that was made: of what, with what, and what came of it. */
export interface Call {
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly result: unknown;
}

/**
 * Hears of every call of a method, which does what it did before. The code under test stays as it is: it is the
 * platform that is listened to, in a thread of the test's own.
 */
export function hear(owner: object, name: string, listener: (call: Call) => void): void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== 'function') throw new TypeError(`there is no method ${name}`);
  const heard = function (this: unknown, ...args: unknown[]): unknown {
    const result: unknown = Reflect.apply(original, this, args);
    listener({ self: this, args, result });
    return result;
  };
  if (!Reflect.set(owner, name, heard)) throw new TypeError(`${name} cannot be listened to`);
}

/** The same for `new`; `instead` may give something else than what was made. */
export function hearNew(
  owner: object,
  name: string,
  instead: (made: object, args: readonly unknown[]) => object,
): void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== 'function') throw new TypeError(`there is no class ${name}`);
  const heard = new Proxy(original, {
    construct: (target, args: unknown[], newTarget) =>
      instead(Reflect.construct(target, args, newTarget) as object, args),
  });
  if (!Reflect.set(owner, name, heard)) throw new TypeError(`${name} cannot be listened to`);
}

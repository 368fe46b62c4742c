import type { ProcessExit } from './exit.ts';

/** How V8, the C library, C++ and TensorFlow say that there was no more memory. */
const outOfMemory =
  /heap out of memory|cannot allocate memory|out of memory|\boom\b|\bENOMEM\b|std::bad_alloc|array buffer allocation failed/i;

/** A shell, and container engines, say SIGKILL as 128 + 9. */
const killedCode = 137;

/**
 * Why memory is suspected of having ended a process, in words; `undefined` where nothing points to it. The kernel gives no
 * reason with SIGKILL: when nobody here sent it, the lack of memory is the usual one.
 */
export function guessMemory({ code, signal, lastLines }: ProcessExit): string | undefined {
  const evidence = lastLines.find((line) => outOfMemory.test(line));
  const isEndedBadly = signal !== null || (code !== 0 && code !== null);
  if (evidence !== undefined && isEndedBadly)
    return `it seems to have run out of memory ("${evidence.trim()}")`;
  if (signal !== 'SIGKILL' && code !== killedCode) return undefined;
  return 'the system may have run out of memory (paceline did not kill it; the log of the kernel, or the memory limit of the container, tells)';
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

import { readTimeline } from '../src/read-timeline.ts';
import { openTimeline } from '../src/timeline.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-timeline-'));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('what a timeline wrote is read, also of a process with dots in its name', () => {
  const timeline = openTimeline(folder, { process: 'node.a.1', thread: 'compute' });
  timeline.span('compute', timeline.now() - 2000);
  timeline.flush();
  // A process died over its last line.
  writeFileSync(join(folder, 'server.main.12.spans'), '["sum",10,5]\n["update",1');
  writeFileSync(join(folder, 'notes.txt'), 'not of a timeline');
  const threads = readTimeline(folder);
  expect(threads).toContainEqual({ process: 'server', thread: 'main', spans: [['sum', 10, 5]] });
  expect(threads).toContainEqual({
    process: 'node.a.1',
    thread: 'compute',
    spans: [['compute', expect.any(Number), expect.any(Number)]],
  });
  expect(threads).toHaveLength(2);
});

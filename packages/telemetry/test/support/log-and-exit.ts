/** Logs many lines and exits in the same breath. Arguments: level, `pretty` or nothing. */
import { createLogger } from '@paceline/telemetry';
import type { LogLevel } from '@paceline/telemetry';

const [level, style] = process.argv.slice(2);
const logger = createLogger({
  name: 'server',
  level: level as LogLevel,
  pretty: style === 'pretty',
});
for (let i = 0; i < 2000; i++) logger.debug({ i }, 'a line before the end');
const error = new Error('disk full', { cause: new Error('no space') });
logger.child({ run: 'r 1' }).error({ error }, 'the last words');
process.exit(3);

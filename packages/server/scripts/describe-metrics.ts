/** Writes the generated part of docs/metrics.md: `npm run describe --workspace @paceline/server`. */
import { writeGenerated } from '../../../test/support/generated-part.ts';
import { metricTable } from './metric-table.ts';

writeGenerated('metrics.md', metricTable());

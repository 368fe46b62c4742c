/** Writes the generated part of docs/environment.md: `npm run describe --workspace @paceline/cli`. */
import { writeGenerated } from '../../../test/support/generated-part.ts';
import { describeEnvironment } from '../src/render/environment.ts';

writeGenerated('environment.md', describeEnvironment());

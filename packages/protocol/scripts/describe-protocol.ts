/** Writes the generated part of docs/protocol.md: `npm run describe --workspace @paceline/protocol`. */
import { writeGenerated } from '../../../test/support/generated-part.ts';
import { describeProtocol } from '../src/describe.ts';

writeGenerated('protocol.md', describeProtocol());

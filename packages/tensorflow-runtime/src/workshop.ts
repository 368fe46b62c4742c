import { bringTfjsNode, type BringOptions } from './bring.ts';
import { buildAddon, type BuildOptions } from './build.ts';
import { downloadWheel, type DownloadOptions } from './download.ts';
import {
  findCompiler,
  findPip,
  findTfjs,
  findTfjsNode,
  type Command,
  type TfjsNode,
} from './find.ts';
import { runInstallScript, type InstallScriptOptions } from './install-script.ts';
import type { Wheel } from './platform.ts';
import { verifyAddon, type Verification, type VerifyOptions } from './verify.ts';

/** Everything slow or outside of this process that a set-up does, so that tests can put something else in its place. */
export interface Workshop {
  findTfjsNode(project: string): TfjsNode | undefined;
  findTfjs(project: string): BringOptions['tfjs'] | undefined;
  findPip(signal?: AbortSignal): Promise<Command | undefined>;
  findCompiler(signal?: AbortSignal): Promise<string | undefined>;
  bringTfjsNode(options: BringOptions): Promise<void>;
  runInstallScript(options: InstallScriptOptions): Promise<void>;
  /** Gives back the path of the checked wheel, inside the work folder. */
  downloadWheel(wheel: Wheel, options: DownloadOptions): Promise<string>;
  buildAddon(options: BuildOptions): Promise<void>;
  verifyAddon(options: VerifyOptions): Promise<Verification>;
}

/** The real one: npm, pip, the compiler. */
export const realWorkshop: Workshop = {
  findTfjsNode,
  findTfjs,
  findPip,
  findCompiler,
  bringTfjsNode,
  runInstallScript,
  downloadWheel,
  buildAddon,
  verifyAddon,
};

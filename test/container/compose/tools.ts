import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DockerEngine } from '../engine/engine.ts';
import { baseImage } from '../images/base-image.ts';
import { unpackFromDebian } from './debian.ts';

/** The image that stands for prom/prometheus. */
export const prometheusImage = 'paceline-test-prometheus';

/**
 * Gives an engine `docker compose`, as a plugin of its client's own configuration, and an image of Prometheus; both are
 * Debian's programs.
 */
export const provideCompose = async (engine: DockerEngine): Promise<void> => {
  const folder = join(engine.folder, 'debian');
  await unpackFromDebian(folder, ['docker-compose', 'prometheus']);
  const plugins = join(engine.folder, 'config/cli-plugins');
  await mkdir(plugins, { recursive: true });
  const plugin = 'docker-compose';
  await copyFile(
    join(folder, 'root/usr/libexec/docker/cli-plugins', plugin),
    join(plugins, plugin),
  );
  const context = join(folder, 'root/usr/bin');
  // The entry is that of the official image, which Compose's `command` counts on.
  const text = `FROM ${baseImage}\nCOPY prometheus /bin/prometheus\nENTRYPOINT ["/bin/prometheus"]\n`;
  await writeFile(join(context, 'Dockerfile'), text);
  await engine.docker(['build', '--tag', prometheusImage, context]);
};

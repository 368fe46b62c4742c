import { createSchedule, idlePatterns } from '@paceline/math';
import { summarise } from '@paceline/protocol';
import type { JobSettings, MessageOf } from '@paceline/protocol';
import { gradientNormName } from '../stopping/gradient-norm.ts';
import { shapeOfRun } from './shape.ts';
import type { RunConfig } from './state.ts';

/**
 * What is wrong with a job, as far as only the model and the data of the first worker show it: names that nothing has, a schedule that
 * does not fit the length of the run. A sentence; undefined when nothing is. Pure.
 */
export function jobProblem(
  layout: MessageOf<'layout'>,
  { settings, ownSchedule }: Pick<RunConfig, 'settings' | 'ownSchedule'>,
): string | undefined {
  return (
    groupsProblem(layout, settings) ??
    scheduleProblem(layout, { settings, ownSchedule }) ??
    watchedProblem(layout, settings)
  );
}

function groupsProblem(
  { tensors }: MessageOf<'layout'>,
  { optimizer }: JobSettings,
): string | undefined {
  const names = tensors.flatMap((each) => (each.section === 'scalars' ? [] : each.name));
  const [idle] = idlePatterns(optimizer.groups ?? [], names);
  if (idle === undefined) return undefined;
  const some = names.slice(0, 8).join(', ');
  return `optimizer.groups: no parameter is called "${idle}"; the model's parameters are ${some}`;
}

function scheduleProblem(
  layout: MessageOf<'layout'>,
  { settings, ownSchedule }: Pick<RunConfig, 'settings' | 'ownSchedule'>,
): string | undefined {
  try {
    createSchedule(settings.schedule, shapeOfRun(layout, settings).totalSteps, ownSchedule);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether the metrics that rules and the schedule watch are there. */
function watchedProblem(
  { scalars }: MessageOf<'layout'>,
  { until, schedule }: JobSettings,
): string | undefined {
  const { metrics } = summarise(scalars, new Float32Array(scalars.length));
  const names = ['loss', ...Object.keys(metrics)];
  const target = until.target?.metric;
  const watched = {
    'until.target': target === gradientNormName ? undefined : target,
    'until.earlyStopping': until.earlyStopping?.metric,
    schedule: schedule.type === 'reduce-on-plateau' ? schedule.metric : undefined,
  };
  for (const [where, name = 'loss'] of Object.entries(watched)) {
    if (!names.includes(name)) {
      return `${where}: there is no metric "${name}"; there is ${names.join(', ')}`;
    }
  }
  return undefined;
}

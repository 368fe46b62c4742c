/** Where a launcher that keeps a timeline wants the spans of its processes. */
export function timelineFolder(env: NodeJS.ProcessEnv): { readonly timelineFolder?: string } {
  const folder = env['PACELINE_TIMELINE_DIRECTORY'];
  return folder === undefined || folder === '' ? {} : { timelineFolder: folder };
}

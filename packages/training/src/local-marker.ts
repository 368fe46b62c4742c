/** Stands in the settings where the job has a function, which cannot travel. */
export interface LocalMarker {
  readonly $local: 'function' | 'array' | 'compiled';
}

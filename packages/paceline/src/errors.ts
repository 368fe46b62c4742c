/** Why something a user asked for could not be done. Each message says what to do about it. */
export type PacelineErrorCode =
  /** Neither a file nor a built-in job. */
  | 'job-not-found'
  /** The file cannot be read, or its kind cannot hold a job. */
  | 'job-unreadable'
  /** The file is not valid TypeScript, JavaScript or JSON. */
  | 'job-syntax'
  /** TypeScript that Node cannot run because it needs more than removing types. */
  | 'job-typescript'
  /** Something that the file imports is missing. */
  | 'job-import'
  /** The file threw while it ran. */
  | 'job-threw'
  /** The file has no default export. */
  | 'job-no-default-export'
  /** A worker was asked to train a job whose functions it does not have. */
  | 'job-needed'
  /** `train()` was called while a process of a run loaded the job file. */
  | 'train-in-job'
  /** `train(model)`: what was given is no tf.LayersModel, or no loss was compiled into it. */
  | 'not-a-model'
  | 'not-compiled'
  /** `train(model)`: the copy of TensorFlow.js that built the model was not found. */
  | 'tensorflow-not-found'
  /** `train(model)`: a function or a class of the program, which other processes do not have. */
  | 'cannot-travel'
  /** `train(model)`: data that do not fit the model, or are none. */
  | 'bad-data'
  /** `train(model)`: an option that makes no sense. */
  | 'bad-option'
  /** `train(model)`: the optimizer's state is of another model. */
  | 'optimizer-state'
  /** `train()`: the run ended badly. */
  | 'training-failed'
  /** The folder for a new run holds the checkpoints of another. */
  | 'run-exists'
  /** There are no checkpoints to go on from. */
  | 'nothing-to-resume'
  /** A run that goes on was given another folder. */
  | 'two-run-folders'
  /** What was asked for needs a run with a last step. */
  | 'endless-run'
  /** The numbers of workers contradict each other. */
  | 'worker-counts'
  /** Flags about the network, for a run that nobody reaches over it. */
  | 'listen-needed'
  /** Saved weights cannot be found, read, or do not fit the model. */
  | 'weights-missing'
  | 'weights-unreadable'
  | 'weights-mismatch'
  /** There is no checkpoint, or none that is whole. */
  | 'checkpoint-missing'
  | 'checkpoint-damaged'
  /** A checkpoint cannot become what was asked for, or not there. */
  | 'export-impossible'
  /** The job has no test data to evaluate on. */
  | 'no-test-split'
  /** The address is none that a server can have. */
  | 'bad-address'
  /** The token file is not there, or not to be read. */
  | 'token-unreadable'
  /** There are tokens, and none for this role. */
  | 'token-missing'
  /** Files of a certificate that belong together are not all there. */
  | 'tls-files'
  /** Certificates could not be made. */
  | 'certificates';

/** An error that its message explains completely: shown without a stack, exit code 2. */
export class PacelineError extends Error {
  readonly code: PacelineErrorCode;

  constructor(code: PacelineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PacelineError';
    this.code = code;
  }
}

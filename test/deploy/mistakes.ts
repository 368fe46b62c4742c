/** A change of correct manifests (as JSON) that breaks a rule, and what the rule must then say. */
export interface Mistake {
  readonly what: string;
  readonly from: string | RegExp;
  readonly to: string;
  readonly complaint: RegExp;
}

/** At least one mistake for each rule of `policies/`. */
export const mistakes: readonly Mistake[] = [
  mistake(
    'a pod that may be root',
    '"runAsNonRoot":true',
    '"runAsNonRoot":false',
    /may run as root/,
  ),
  mistake('no seccomp profile', '"RuntimeDefault"', '"Unconfined"', /lacks seccompProfile/),
  mistake(
    'an account of the cluster',
    '"automountServiceAccountToken":false,',
    '',
    /gets an account of the cluster/,
  ),
  mistake(
    'a folder of the node',
    /"emptyDir":\{[^}]*\}/,
    '"hostPath":{"path":"/"}',
    /scratch is of a kind that shows the node/,
  ),
  mistake(
    'a root that can be written',
    '"readOnlyRootFilesystem":true',
    '"privileged":true',
    /write/,
  ),
  mistake('capabilities', '"drop":["ALL"]', '"drop":["NET_RAW"]', /keeps capabilities/),
  mistake(
    'an image that changes',
    'paceline/server:0.1.0',
    'paceline/server:latest',
    /changes under/,
  ),
  mistake(
    'an image without a version',
    'paceline/server:0.1.0',
    'paceline/server',
    /has no version/,
  ),
  mistake('no limit of memory', '"limits":{"memory":"2Gi"}', '"limits":{}', /no limit of memory/),
  mistake('a throttled pod', '"limits":{', '"limits":{"cpu":"1",', /is throttled/),
  mistake('a probe of something else', '/readyz', '/', /no readiness probe at \/readyz/),
  mistake(
    'SIGKILL within the grace',
    '"terminationGracePeriodSeconds":15',
    '"terminationGracePeriodSeconds":10',
    /is killed after 10000 ms, with a grace of 10000 ms/,
  ),
  mistake('a flag that there is not', '--checkpoints=', '--checkpoint=', /no flag --checkpoint$/m),
  mistake('a flag without its value', '--out=/run/paceline', '--out', /--out <DIR> is written as/),
  mistake('a value that a flag does not take', '--log-format=json', '--log-format=xml', /be xml/),
  mistake(
    'a time without a unit',
    '--connect-timeout=10m',
    '--connect-timeout=10',
    /cannot be 10:/,
  ),
  mistake('a variable that nobody reads', 'PACELINE_NAME', 'PACELINE_NOM', /reads no PACELINE_NOM/),
  mistake(
    'a Secret that nobody makes',
    '"paceline-ca"',
    '"paceline-cas"',
    /Secret\/paceline-cas does/,
  ),
  mistake('a mount without a volume', '"name":"run"}', '"name":"runs"}', /no volume runs/),
  mistake(
    'a file of no volume',
    '--out=/run',
    '--out=/var/run',
    /\/var\/run\/paceline is in no volume/,
  ),
  mistake('a file that is not in its volume', '/job/job.json', '/job/job.ts', /job has job.json/),
  mistake('a token of another role', 'token/worker', 'token/server', /token has worker/),
  mistake(
    'a job that is not there',
    /(?<="configMap":\{"name":")/,
    'x',
    /ConfigMap\/xpaceline-job/,
  ),
  mistake(
    'a class that is not there',
    '"priorityClassName":"',
    '"priorityClassName":"x',
    /xpaceline/,
  ),
  mistake(
    'a selector that finds nobody',
    /(?<="selector":\{.{0,40})"server"/,
    '"serve"',
    /no pods/,
  ),
  mistake(
    'a selector that finds all',
    /(?<="matchLabels":\{)"[^"]*component":"worker",/,
    '',
    / and /,
  ),
  mistake('an address of nobody', '//paceline-server-0.', '//paceline-server-1.', /goes to wss:/),
  mistake('no TLS where the server has it', '"wss://', '"ws://', /goes to ws:.* is at wss:/),
  mistake(
    'a probe without TLS',
    '"scheme":"HTTPS"',
    '"scheme":"HTTP"',
    /a probe does not speak HTTPS/,
  ),
  mistake('a closed port', /(?<="from":.{0,200})"port":7070/, '"port":7071', /port 7070 is closed/),
  mistake(
    'workers without work',
    '"maxReplicas":8',
    '"maxReplicas":9',
    /9 workers for 8 microbatches/,
  ),
  mistake(
    'an autoscaler that is overruled',
    '"paceline-worker"},"spec":{"selector"',
    '"paceline-worker"},"spec":{"replicas":2,"selector"',
    /says itself how many/,
  ),
  mistake('no budget', '"PodDisruptionBudget"', '"ConfigMap"', /no disruption budget is for it/),
  mistake('no network policy', '"NetworkPolicy"', '"ConfigMap"', /no network policy is for it/),
];

function mistake(what: string, ...change: [string | RegExp, string, RegExp]): Mistake {
  const [from, to, complaint] = change;
  return { what, from, to, complaint };
}

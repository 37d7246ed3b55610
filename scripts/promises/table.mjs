// What is promised, what figure it is held to, and what shows it: experiments of `npm run chaos`, or tests of `npm test`.
// The figures are for one machine, providers simulated on loopback.

/** @type {{ id: string, says: string, target: string, experiments?: string[], tests?: string[], lacks?: string }[]} */
export const PROMISES = [
  {
    id: 'P1',
    says: 'One click is one run: double clicks, retries of a browser, two people at once',
    target: '1,000 targets × 4 clicks: 1,000 intents, 1,000 runs',
    experiments: ['clicks'],
    tests: ['lib/deployments/server/engine-one-run.test.ts', 'e2e/one-click-one-run.spec.ts'],
  },
  {
    id: 'P2',
    says: 'The provider answers 502, cuts or stalls after it has accepted',
    target: '0 lost, 0 doubled in 1,000',
    experiments: ['faults'],
    tests: ['e2e/lost-answers.spec.ts'],
  },
  {
    id: 'P3',
    says: 'kill -9 anywhere',
    target:
      '0 lost, 0 doubled in 1,000 with 30 random kills; 7 points × providers × 50 directed ones, and 60 at each place where a package is published, failed jobs run again or a build is served again',
    experiments: ['kills', 'failpoints', 'failpoints-again'],
  },
  {
    id: 'P4',
    says: 'A worker that stood still wakes after its lease',
    target: 'the second run is found and cancelled within 15 s; 200 rounds',
    experiments: ['stopped'],
    tests: ['lib/deployments/server/second-run.test.ts', 'lib/deployments/server/second-run-life.test.ts'],
  },
  {
    id: 'P5',
    says: 'Postgres crashes',
    target:
      '1,000 through 3 immediate stops and kills: 0 lost, 0 doubled; on again within 10 s; pages say that they are degraded meanwhile',
    experiments: ['postgres'],
    tests: ['lib/db/client.test.ts', 'lib/realtime/stream.test.ts', 'components/live/feed-line.test.ts'],
  },
  {
    id: 'P6',
    says: 'A half-open connection to the database',
    target: 'noticed within 15 s, no lease stuck for more than 45 s',
    experiments: ['blackhole'],
  },
  {
    id: 'P7',
    says: 'A dead worker’s work is taken up',
    target: 'within 45 s (p99)',
    experiments: ['takeover'],
  },
  {
    id: 'P8',
    says: 'All webhooks are lost',
    target: 'active deployments are right within 30 s, idle targets within 5 min',
    experiments: ['silence'],
    // Idle targets are not part of the experiment; the second test is about them.
    tests: ['lib/deployments/server/convergence.test.ts', 'lib/sightings/server/sightings.test.ts'],
  },
  {
    id: 'P9',
    says: 'Webhooks doubled, reordered, delayed',
    target: '10,000 generated histories end right, 0 regressions',
    experiments: ['histories'],
    tests: ['lib/deployments/server/histories.test.ts', 'lib/deployments/server/convergence.test.ts'],
  },
  {
    id: 'P10',
    says: 'A delivery is acknowledged only when it is kept',
    target: '0 acknowledged ones missing after kill -9 in 100 rounds; the same id has no second effect',
    experiments: ['webhooks'],
    tests: ['lib/webhooks/webhooks.test.ts'],
  },
  {
    id: 'P11',
    says: 'Webhook load',
    target: '200/s for 10 min, p99 ≤ 250 ms, 0 lost; of a burst of 1,000/s for 10 s each is kept or turned away',
    experiments: ['load'],
    lacks:
      'The receiver is what stands behind the route, without Next. Through one connection 100/s are let in for long; the brake is off for the 200/s, and on in the burst.',
  },
  {
    id: 'P12',
    says: 'The provider’s quota',
    target: '≤ 20 % of it a day, ≤ 10 reads at a time; 0 requests before Retry-After ends',
    experiments: ['quota'],
    tests: [
      'lib/connections/server/quota-day.test.ts',
      'lib/http/guarded-fetch.test.ts',
      'lib/http/shared-read.test.ts',
    ],
    lacks:
      'The vendor is a model of GitHub’s accounting. `npm test` runs two hours of the day; `docs/quota.md` holds what they measured, or it fails.',
  },
  {
    id: 'P13',
    says: 'The provider is down for 10 min',
    target:
      'queue of 500: 0 lost, drained within 3 min, ≤ 60 writes/min, no herd; others’ p95 at most 10 % longer meanwhile',
    experiments: ['outage'],
    lacks:
      'For the other providers stands another account of the same one. The brake of 60 writes a minute is off at simulated vendors; at a real one 500 need more than eight minutes.',
  },
  {
    id: 'P14',
    says: 'Nothing is sent in a freeze',
    target: '0 sent after the freeze commits in 2,000 races',
    experiments: ['freezes'],
  },
  {
    id: 'P15',
    says: 'Approvals cannot be raced or reused',
    target: '1,000 rounds × 6 races, 0 violations',
    experiments: ['approvals'],
    // The same races in the order of their commits, where the role that was lost counts too.
    tests: ['lib/deployments/server/race-approval.test.ts'],
  },
  {
    id: 'P16',
    says: 'Several instances act as one',
    target: '3 instances, 1,000 deployments, one cut off for 60 s: 0 lost, 0 doubled',
    experiments: ['instances'],
    lacks:
      'There is no scheduler that one of them leads: each asks the database for what is due, and claims it row by row.',
  },
  {
    id: 'P17',
    says: 'The built-in database is safe or refuses',
    target:
      '100 second starts on the same folder are refused within 2 s; opens within 10 s after each of 100 kill -9, 0 acknowledged lost',
    experiments: ['folder'],
    tests: ['scripts/bootstrap/bootstrap.test.ts', 'scripts/start.test.ts'],
    lacks: 'The promise was made for an in-process database; the built-in one is a real Postgres.',
  },
  {
    id: 'P18',
    says: 'The live view',
    target: '1,000 viewers, p95 ≤ 1 s; 0 gaps in 500 breaks; at most 150 MB more',
    experiments: ['viewers'],
    tests: ['lib/realtime/feed.test.ts', 'lib/realtime/stream.test.ts', 'e2e/live-view.spec.ts'],
    lacks: 'The stream that stands behind the route, without Next.',
  },
  {
    id: 'P19',
    says: 'From the click to the provider',
    target: 'p95 ≤ 2 s while 100 deployments run; a burst is told beside it',
    experiments: ['latency'],
    lacks: 'From the verb’s call: the way through Next, session and origin is not in it.',
  },
  {
    id: 'P20',
    says: 'The audit log is complete and tamper-evident',
    target: 'any of 1,000 manipulations is found; a line for each accepted and refused action',
    tests: ['lib/audit/server/tamper.test.ts', 'lib/pipeline/run-action.test.ts'],
    experiments: ['clicks', 'kills', 'dumped'],
    lacks:
      'Speed is not part of it: `npm run bench -- audit` on two cores that did little else verified a million lines in 8.9 s (held to: 10 s) and appended 1,217 lines a second with eight writers (held to: 500).',
  },
  {
    id: 'P21',
    says: 'No secret leaves',
    target: '0 finds of 31 planted secrets in 9 places',
    experiments: ['secrets'],
    tests: [
      'lib/testing/bad-inputs/nine-places.test.ts',
      'lib/testing/bad-inputs/canaries.test.ts',
      'lib/deployments/server/read-logs.test.ts',
      'e2e/credentials.spec.ts',
    ],
    lacks:
      'In HTML and payloads of pages ten of them are looked for, by the browser tests; in all other places all 31.',
  },
  {
    id: 'P22',
    says: 'A poison item does not stop the line',
    target: 'set aside after at most 3 tries, the others’ p95 unchanged; 50 items',
    experiments: ['poison'],
    tests: ['lib/deployments/server/set-aside.test.ts', 'lib/deployments/server/poison.test.ts'],
  },
  {
    id: 'P23',
    says: 'An instance’s clock is 10 min wrong',
    target: '0 wrong decisions about leases and deadlines',
    experiments: ['skew'],
    tests: ['lib/deployments/server/clock.test.ts'],
  },
  {
    id: 'P24',
    says: 'An update under load',
    target: 'rolling restart of 2 instances, 500 on their way: 0 lost, 0 doubled',
    experiments: ['rolling'],
    // A browser tab of the old version, which the experiment has not.
    tests: ['components/console/proof.test.ts', 'e2e/bad-input.spec.ts'],
  },
  {
    id: 'P25',
    says: 'A restored backup',
    target: 'everything in flight is reconciled, nothing is sent again',
    experiments: ['restored', 'dumped', 'snapshot'],
    tests: ['lib/deployments/server/restored-backup.test.ts', 'lib/deployments/server/long-stop.test.ts'],
  },
];

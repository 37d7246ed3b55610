/** How a past run of each component went: its jobs and steps, and how long each took in milliseconds. */

export interface SeedJob {
  name: string;
  steps: [name: string, ms: number][];
}

const checkOut: [string, number] = ['Check out the commit', 1_100];

/** A host builds and publishes by itself. */
const atHost: SeedJob[] = [
  {
    name: 'Build',
    steps: [
      ['Build', 20_000],
      ['Publish', 6_000],
    ],
  },
];

export const seedJobs: Record<string, SeedJob[]> = {
  backend: [
    {
      name: 'Test',
      steps: [
        checkOut,
        ['Set up Python', 900],
        ['Install dependencies', 3_000],
        ['Lint', 800],
        ['Run the tests', 3_400],
      ],
    },
    {
      name: 'Build image',
      steps: [checkOut, ['Set up Buildx', 1_000], ['Build the image', 6_200], ['Smoke-test the image', 2_200]],
    },
    {
      name: 'Push image',
      steps: [
        ['Sign in to the registry', 900],
        ['Push the image', 4_600],
      ],
    },
    {
      name: 'Deploy',
      steps: [checkOut, ['Run migrations', 1_600], ['Roll out', 3_700], ['Wait until healthy', 3_200]],
    },
  ],
  extension: [
    { name: 'Test', steps: [checkOut, ['Set up Node', 1_400], ['Run the tests', 6_300]] },
    { name: 'Package', steps: [checkOut, ['Set up Node', 1_300], ['Package the extension', 7_900]] },
    {
      name: 'Publish',
      steps: [
        ['Fetch the package', 1_000],
        ['Publish to the VS Marketplace', 4_600],
        ['Publish to Open VSX', 3_800],
      ],
    },
  ],
  dashboard: [
    { name: 'Build', steps: [checkOut, ['Set up Node', 1_300], ['Run the tests', 3_600], ['Build', 4_900]] },
    {
      name: 'Deploy',
      steps: [
        ['Fetch the build', 900],
        ['Upload', 5_400],
        ['Purge the cache', 2_900],
      ],
    },
  ],
  website: atHost,
  portal: atHost,
  docs: [
    {
      name: 'Build site',
      steps: [checkOut, ['Set up Python', 900], ['Install MkDocs', 3_200], ['Build the site', 5_300]],
    },
    { name: 'Deploy to Pages', steps: [['Deploy', 9_200]] },
  ],
};

/** What goes wrong in a step, in the words of the run. */
export const seedFailures: Record<string, string> = {
  'Run the tests': 'One test failed.',
  Lint: 'The linter found two problems.',
  'Build the image': 'The image did not build: a dependency could not be resolved.',
  'Wait until healthy': 'The new version did not become healthy in time.',
  'Publish to Open VSX': 'Open VSX refused the package: this version exists already.',
  Upload: 'The upload was refused: access denied.',
  'Build the site': 'A page links to a page that does not exist.',
};

/** The export of the public part that the tests look at, below a path as a project page is. */
export function siteOf(distDir) {
  return { out: `${distDir}-site`, basePath: '/stack' };
}

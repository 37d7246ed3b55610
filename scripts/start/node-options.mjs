/**
 * Node's options for the server. What is made and dropped for each event and each of a thousand live views is collected within
 * 16 MB; a large machine's default is 64 MB, which a process keeps. The caller's own come last, so that they count.
 * https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-megabytes
 */
export const serverNodeOptions = (own = process.env.NODE_OPTIONS) =>
  ['--max-semi-space-size=8', own].filter(Boolean).join(' ');

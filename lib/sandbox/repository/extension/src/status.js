'use strict';

/**
 * One line for the status bar.
 * @param {{version: string, revision: string, environment: string}} live what `GET /` of the API answers
 * @returns {string}
 */
function statusLine(live) {
  const revision = live.revision === 'unknown' ? '' : ` (${live.revision.slice(0, 7)})`;
  return `${live.environment}: ${live.version}${revision}`;
}

module.exports = { statusLine };

/*
 * pg still queues a query that is sent while another runs on the same connection, says so once a process, and will stop
 * doing it. Thrown from here, the warning fails the run that it came from.
 */
const here = globalThis as { oneQueryAtATime?: true };
// Test files share a process, and it listens once.
if (!here.oneQueryAtATime)
  process.on('warning', (warning) => {
    if (warning.name === 'DeprecationWarning' && warning.message.includes('already executing a query')) throw warning;
  });
here.oneQueryAtATime = true;

'use client';

import { useEffect, useState } from 'react';
import { sentence } from '../src/sentence';

const URL_OF_STATUS = process.env.NEXT_PUBLIC_STATUS_URL ?? '/api/status';

/** What is live, or that nobody answers. */
export function Status() {
  const [said, say] = useState('Asking the API …');
  useEffect(() => {
    fetch(URL_OF_STATUS, { signal: AbortSignal.timeout(5000) })
      .then((answer) => answer.json())
      .then((live) => say(sentence(live)))
      .catch(() => say('The API does not answer.'));
  }, []);
  return <p role="status">{said}</p>;
}

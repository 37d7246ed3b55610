import { sentence } from './sentence.js';

const place = document.querySelector('#status');
try {
  const answer = await fetch('/api/', { signal: AbortSignal.timeout(5000) });
  place.textContent = sentence(await answer.json());
} catch {
  place.textContent = 'The API does not answer.';
}

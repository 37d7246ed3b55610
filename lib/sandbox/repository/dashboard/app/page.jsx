import { Status } from './status';

export default function StatusPage() {
  return (
    <>
      <h1>AetherStack</h1>
      <Status />
    </>
  );
}

export default function AboutPage() {
  return <p>AetherStack is an API, an editor extension, a dashboard and documentation.</p>;
}

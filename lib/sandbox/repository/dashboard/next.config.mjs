const ssg = process.env.AETHERSTACK_RENDERING === 'ssg';

/** @type {import('next').NextConfig} */
export default {
  output: ssg ? 'export' : 'standalone',
  distDir: 'dist',
  // `route.server.js` is a route of the server's build only.
  pageExtensions: ssg ? ['jsx', 'js'] : ['server.js', 'jsx', 'js'],
  images: { unoptimized: ssg },
};

export interface GalleryLines {
  /** For the environment of code-server. */
  codeServer: string;
  /** For product.json. */
  product: string;
  publish: string;
}

/** What to paste where, for one token. Editors can send no header, so the token stands in the address. */
export function galleryLines(origin: string, token: string): GalleryLines {
  const base = `${origin}/api/gallery`;
  const serviceUrl = `${base}/t/${token}`;
  const gallery = {
    serviceUrl,
    extensionUrlTemplate: `${serviceUrl}/vscode/{publisher}/{name}/latest`,
    itemUrl: `${base}/item`,
  };
  return {
    codeServer: `EXTENSIONS_GALLERY='${JSON.stringify(gallery)}'`,
    product: JSON.stringify({ extensionsGallery: gallery }, null, 2),
    publish: `ovsx publish extension.vsix -r ${base}`,
  };
}

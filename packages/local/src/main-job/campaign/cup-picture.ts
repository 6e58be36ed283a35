/** A PNG of a cup that is cut out: the picture of the sample's product. @param colour of CSS */
export async function cupPicture(colour: string): Promise<Buffer> {
  // Native, and not there on every system: loaded by those who draw.
  const { default: sharp } = await import("sharp");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><path d="M60 80h150v130a40 40 0 0 1-40 40h-70a40 40 0 0 1-40-40z" fill="${colour}"/><path d="M210 110h20a35 35 0 0 1 0 80h-20" fill="none" stroke="${colour}" stroke-width="18"/><ellipse cx="135" cy="80" rx="75" ry="14" fill="#777"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** Reads the QR code in a picture. Loaded when the first picture is dropped. */
import jsQr from 'jsqr';

/** Larger pictures are made smaller first: more pixels do not make a code easier to read. */
const maxSide = 1600;

/** What the code in the picture says, or `undefined` where none is found. */
export async function readQrPicture(file: Blob): Promise<string | undefined> {
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (picture === undefined) return undefined;
  const scale = Math.min(1, maxSide / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const drawing = new OffscreenCanvas(width, height).getContext('2d');
  if (drawing === null) return undefined;
  drawing.drawImage(picture, 0, 0, width, height);
  const { data } = drawing.getImageData(0, 0, width, height);
  return jsQr(data, width, height)?.data;
}

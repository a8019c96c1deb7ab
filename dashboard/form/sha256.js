// SHA-256 (FIPS 180-4) where the browser keeps its own shut: pages that are served without https.
const K = [], H = [];
for (let n = 2; K.length < 64; n += 1) {
  if ([...Array(n).keys()].slice(2).some((d) => n % d === 0)) continue;
  if (H.length < 8) H.push(Math.floor((Math.sqrt(n) % 1) * 2 ** 32) | 0);
  K.push(Math.floor((Math.cbrt(n) % 1) * 2 ** 32) | 0);
}

export function sha256(buffer) {
  const length = buffer.byteLength, bytes = new Uint8Array(Math.ceil((length + 9) / 64) * 64), view = new DataView(bytes.buffer);
  bytes.set(new Uint8Array(buffer));
  bytes[length] = 128;
  view.setUint32(bytes.length - 8, Math.floor(length / 2 ** 29));
  view.setUint32(bytes.length - 4, (length * 8) >>> 0);
  const hash = Int32Array.from(H), w = new Int32Array(64);
  for (let at = 0; at < bytes.length; at += 64) {
    for (let i = 0; i < 64; i += 1) {
      if (i < 16) w[i] = view.getInt32(at + 4 * i);
      else {
        const a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
      }
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { hash[i] += word; });
  }
  return [...hash].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

const turn = (x, by) => (x >>> by) | (x << (32 - by));

// The way out of last resort: what waits on this tablet as files, each a ZIP without compression, so that a person can open it
// too. `tablet.json` names the records and photos; the photos stand beside it by their number.
const FORMAT = 1;
// What one file holds at most: less than the server takes at once (data_model/evidence/tablet_files.py).
const MOST_FILE = 1000 * 2 ** 20, MOST_CONTENTS = 15_000_000, MOST_RECORDS = 1000, MOST_PHOTOS = 3000;
const HEADERS_OF_A_PHOTO = 500;
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

// Deals out what waits to as many files as are needed: each share is {records, photos}, in the order in which it waits.
export function shares(entries) {
  const made = [];
  let size = 0, written = 0;
  const inShare = (kind, most, row, bytes, words) => {
    let share = made.at(-1);
    if (!share || share[kind].length >= most || size + bytes > MOST_FILE || written + words > MOST_CONTENTS) {
      made.push(share = { records: [], photos: [] });
      size = written = 0;
    }
    share[kind].push(row);
    size += bytes;
    written += words;
  };
  for (const entry of entries) {
    if (entry.payload) {
      const words = new Blob([JSON.stringify(recordOf(entry))]).size;
      inShare("records", MOST_RECORDS, entry, words, words);
    }
    for (const piece of entry.pieces) {
      const words = new Blob([JSON.stringify(photoOf(piece))]).size;
      inShare("photos", MOST_PHOTOS, piece, piece.blob.size + words + HEADERS_OF_A_PHOTO, words);
    }
  }
  return made;
}

// Makes the file of one share; gives {blob, records, photos, lacking}: how many of each are in it, and the names of photos that
// the browser cannot read.
export async function tabletFile(share) {
  const photos = [], parts = [], directory = [], lacking = [];
  let at = 0;

  async function add(name, content) {
    const path = new TextEncoder().encode(name), crc = crc32(new Uint8Array(await new Response(content).arrayBuffer()));
    const head = header(0x04034b50, crc, content.size, path.length, 0);
    parts.push(head, path, content);
    directory.push(header(0x02014b50, crc, content.size, path.length, at), path);
    at += head.byteLength + path.length + content.size;
  }

  for (const piece of share.photos) {
    try {
      await add(`photos/${piece.id}`, piece.blob);
      photos.push(photoOf(piece));
    } catch {
      lacking.push(piece.name);
    }
  }
  const records = share.records.map(recordOf);
  await add("tablet.json", new Blob([JSON.stringify({ format: FORMAT, records, photos })]));
  const size = directory.reduce((sum, one) => sum + one.byteLength, 0);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, directory.length / 2, true);
  end.setUint16(10, directory.length / 2, true);
  end.setUint32(12, size, true);
  end.setUint32(16, at, true);
  return { blob: new Blob([...parts, ...directory, end.buffer], { type: "application/zip" }), records: records.length, photos: photos.length, lacking };
}

const title = (entry) => [entry.activity_name ?? entry.title, entry.unit_name, entry.day].filter(Boolean).join(" · ");
// `typed` is what stood in the form, as text: a record that the tablet itself cannot send any more is read there by a person.
const recordOf = (entry) => ({
  record: entry.record, account: entry.account, account_name: entry.sign_in ?? "", title: title(entry), payload: entry.payload,
  ...(entry.damaged ? { typed: entry.typed ?? "" } : {}),
});
const photoOf = (piece) => ({
  id: piece.id, record: piece.record, account: piece.account, account_name: piece.sign_in ?? "", name: piece.name, plan: piece.plan, activity: piece.activity, unit: piece.unit,
});

// A member's header, local or in the directory (which has six bytes more before the name's length, and what follows it).
function header(signature, crc, size, nameLength, offset) {
  const central = signature === 0x02014b50, shift = central ? 2 : 0;
  const view = new DataView(new ArrayBuffer(central ? 46 : 30));
  view.setUint32(0, signature, true);
  if (central) view.setUint16(4, 20, true);
  view.setUint16(4 + shift, 20, true);
  view.setUint16(6 + shift, 0x0800, true); // names are UTF-8
  view.setUint16(12 + shift, 0x21, true); // 1 January 1980: the tablet's clock says nothing
  view.setUint32(14 + shift, crc, true);
  view.setUint32(18 + shift, size, true);
  view.setUint32(22 + shift, size, true);
  view.setUint16(26 + shift, nameLength, true);
  if (central) view.setUint32(42, offset, true);
  return view.buffer;
}

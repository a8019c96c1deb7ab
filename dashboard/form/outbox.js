// On every page: says when the link is lost, keeps what could not be sent on this tablet, and sends it, once, when the
// link is back; also after the tab was closed. Everything is sent under the account that wrote it, by its own UUID.
window.soGiamSatOutbox ??= (() => {
  const BEAT = 15000, PATIENCE = 8000, UPLOAD_PATIENCE = 120000;
  const events = new EventTarget();
  let me = null, linked = navigator.onLine, signedOut = false, flushing = null, bar = null, passing = "";

  // --- the tablet's own store
  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("so-giam-sat", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("records", { keyPath: "record" });
      asked.result.createObjectStore("pieces", { keyPath: "id" }).createIndex("record", "record");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  async function within(store, mode, work) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const asked = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }
  const put = (store, row) => within(store, "readwrite", (s) => s.put(row));
  const drop = (store, key) => within(store, "readwrite", (s) => s.delete(key));
  const mine = async (store) => (await within(store, "readonly", (s) => s.getAll())).filter((row) => me && row.account === me.account);

  // --- calls
  async function call(address, options = {}, patience = PATIENCE) {
    try {
      const headers = { "x-so-giam-sat": "1", ...options.headers };
      const answer = await fetch(address, { ...options, headers, signal: AbortSignal.timeout(patience) });
      if ([502, 503, 504].includes(answer.status)) return { offline: true };
      setLinked(true);
      if (answer.status === 401) {
        signedOut = true;
        show();
        return { signedOut: true };
      }
      return { ok: answer.ok, status: answer.status, told: await answer.json().catch(() => ({})) };
    } catch {
      check();
      return { offline: true };
    }
  }

  async function who() {
    if (me && !signedOut) return me;
    const answer = await call("/assets-ai/toi");
    if (answer.ok) {
      me = answer.told;
      signedOut = me.account === null && location.pathname !== "/login" && !location.pathname.startsWith("/link/");
    }
    return me;
  }

  // --- the link
  function setLinked(now) {
    if (linked === now) return;
    linked = now;
    events.dispatchEvent(new CustomEvent("link", { detail: now }));
    show();
    if (now) flush();
  }
  let checking = null;
  function check() {
    checking ??= fetch("/_stcore/health", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })
      .then((answer) => setLinked(answer.ok), () => setLinked(false)).finally(() => { checking = null; });
    return checking;
  }
  addEventListener("offline", () => setLinked(false));
  addEventListener("online", check);
  document.addEventListener("visibilitychange", () => document.hidden || check());
  setInterval(() => document.hidden && linked || check(), BEAT);

  // --- sending
  async function sendPiece(piece) {
    const place = new URLSearchParams({ record: piece.record, plan: piece.plan, activity: piece.activity, unit: piece.unit });
    const headers = { "x-file-name": encodeURIComponent(piece.name), "content-type": "application/octet-stream" };
    const answer = await call(`/minh-chung/${piece.id}?${place}`, { method: "PUT", body: piece.blob, headers }, UPLOAD_PATIENCE);
    if (answer.ok) await drop("pieces", piece.id);
    else if (answer.told) await put("pieces", { ...piece, problems: answer.told.problems ?? [] }).catch(() => {}); // a full store: the page itself says so
    events.dispatchEvent(new CustomEvent("piece", { detail: { piece, answer } }));
    return answer;
  }

  async function sendRecord(row) {
    const answer = await call(`/luu-ban-ghi/${row.record}`, {
      method: "POST", body: JSON.stringify(row.payload), headers: { "content-type": "application/json" },
    }, 20000);
    if (answer.ok) {
      await drop("records", row.record);
      settle(row, answer.told.version);
    } else if (answer.told) await put("records", { ...row, problems: answer.told.problems ?? [], newer: answer.told.newer });
    events.dispatchEvent(new CustomEvent("record", { detail: { row, answer } }));
    return answer;
  }

  // What was typed and has been sent needs no keeping; what was typed after it goes on from the sent version.
  function settle(row, version) {
    const key = `so-giam-sat/draft/${row.account}/${row.record}`;
    const kept = JSON.parse(localStorage.getItem(key) ?? "null");
    if (kept && JSON.stringify(kept.typed) !== row.typed) localStorage.setItem(key, JSON.stringify({ ...kept, version }));
    else localStorage.removeItem(key);
  }

  async function flushAll() {
    if (!(await who())?.account || signedOut) return show();
    for (const piece of (await mine("pieces")).filter((one) => !one.problems)) {
      const answer = await sendPiece(piece);
      if (answer.offline || answer.signedOut) return show();
    }
    let sent = 0;
    for (const row of (await mine("records")).filter((one) => !one.problems)) {
      const answer = await sendRecord(row);
      if (answer.offline || answer.signedOut) return show();
      sent += answer.ok ? 1 : 0;
    }
    if (sent) say(fill(me.texts.went, { count: sent }));
    show();
  }
  // One tab at a time sends; what another tab has sent is gone from the store when this one looks.
  function flush() {
    flushing ??= (navigator.locks ? navigator.locks.request("so-giam-sat-outbox", flushAll) : flushAll())
      .finally(() => { flushing = null; });
    return flushing;
  }

  // --- the bar at the foot of the page
  const fill = (text, figures) => text.replace(/\{(\w+)\}/g, (whole, name) => figures[name] ?? whole);
  function say(text) {
    passing = text;
    show();
    setTimeout(() => { passing = ""; show(); }, 6000);
  }

  async function show() {
    const texts = me?.texts;
    if (!texts || !document.body) return;
    const parts = [];
    if (!linked) parts.push([texts.lost]);
    if (signedOut && linked) parts.push([texts.ended, texts.signIn, `/login?next=${encodeURIComponent(location.pathname + location.search)}`]);
    const rows = await mine("records").catch(() => []);
    const waiting = rows.filter((row) => !row.problems).length;
    if (waiting && (!linked || signedOut)) parts.push([fill(texts.waiting, { count: waiting })]);
    for (const row of rows.filter((one) => one.problems)) {
      if (!location.search.includes(row.record)) parts.push([fill(texts.refused, { name: row.title }), texts.open, row.address]);
    }
    if (passing) parts.push([passing]);
    draw(parts);
  }

  function draw(parts) {
    if (!parts.length) {
      bar?.remove();
      bar = null;
      return;
    }
    if (!bar) {
      bar = document.createElement("div");
      bar.id = "so-giam-sat-link";
      bar.setAttribute("role", "status");
      bar.style.cssText = "position:fixed;inset:auto 0 0 0;z-index:999999;background:#1d2733;color:#fff;padding:.6rem 1rem;"
        + "font:1rem/1.4 'Source Sans',sans-serif;display:grid;gap:.3rem;border-top:3px solid #f0b429";
      document.body.append(bar);
    }
    bar.replaceChildren(...parts.map(([text, label, address]) => {
      const line = document.createElement("div");
      line.append(text);
      if (label) {
        const link = Object.assign(document.createElement("a"), { href: address, textContent: label });
        link.style.cssText = "color:#ffd479;margin-left:.8rem;display:inline-block;padding:.5rem 0;text-decoration:underline";
        line.append(link);
      }
      return line;
    }));
  }

  who().then(flush);

  return {
    events, call, check, flush, who,
    get linked() { return linked; },
    piecesOf: async (record) => (await mine("pieces")).filter((piece) => piece.record === record),
    waits: async (record) => (await mine("records")).some((row) => row.record === record && !row.problems),
    keepPiece: (piece) => put("pieces", piece),
    dropPiece: (id) => drop("pieces", id),
    sendPiece,
    queue: async (row) => { await put("records", row); show(); },
    unqueue: async (record) => { await drop("records", record); show(); },
  };
})();

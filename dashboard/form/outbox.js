// On every page, with Streamlit or without: keeps on this tablet what was written until the server has proved that it has it,
// sends it, each record once, under the account that wrote it, and says at the foot of the page how that stands.
// A success is an answer of our own that names the record and its version. Whatever else answers, or nothing, is tried again.
window.soGiamSatOutbox ??= (() => {
  const VERSION = new URL(document.currentScript.src).searchParams.get("v") || "-";
  // Where the calls go: told by the page, which has them from the server's one list.
  const ADDRESSES = Object.freeze(JSON.parse(document.currentScript.dataset.addresses));
  const BEAT = 15000, PATIENCE = 8000, SENDING = 30000, PART_PATIENCE = 60000, OPENING = 4000;
  const FIRST_WAIT = 2000, LONGEST_WAIT = 45000, EVERY = 60000, UNSAID = 3000;
  const STUCK = 120000, COMPARED_FOR = 15 * 60000;
  const LEAST_PART = 32 * 1024, FIRST_PART = 256 * 1024, MOST_PART = 1024 * 1024;
  const SENT_KEPT = 200, PHOTOS_KEPT = 40, ASKED_FIRST = 5, AT_ONCE = 2;
  const LAST_BREATH = "so-giam-sat/draft/";
  const events = new EventTarget();
  const tell = (name, detail) => events.dispatchEvent(new CustomEvent(name, { detail }));
  let me = null, confirmed = false, signedOut = false, linked = navigator.onLine !== false, server = null, restarted = false;
  let bar = null, passing = "", part = FIRST_PART, compared = -Infinity;
  const store = { state: "ok", persisted: null };
  const loose = new Map();
  const others = typeof BroadcastChannel === "function" ? new BroadcastChannel("so-giam-sat") : null;

  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
    return [8, 12, 16, 20].reduceRight((s, at) => `${s.slice(0, at)}-${s.slice(at)}`, hex);
  }
  const TAB = uuid();

  // --- the tablet's own store. What it says is kept was seen to be committed.
  let opening = null;
  function open() {
    opening ??= new Promise((resolve, reject) => {
      if (!window.indexedDB) throw new DOMException("no store", "NotSupportedError");
      const asked = indexedDB.open("so-giam-sat", 2);
      const late = setTimeout(() => reject(new DOMException("the store does not open", "TimeoutError")), OPENING);
      asked.onupgradeneeded = ({ oldVersion }) => {
        const database = asked.result;
        if (oldVersion < 1) {
          database.createObjectStore("records", { keyPath: "record" });
          database.createObjectStore("pieces", { keyPath: "id" }).createIndex("record", "record");
        }
        database.createObjectStore("drafts", { keyPath: "key" });
        database.createObjectStore("sent", { keyPath: "record" }).createIndex("n", "n");
        database.createObjectStore("sentPieces", { keyPath: "id" }).createIndex("n", "n");
        database.createObjectStore("about", { keyPath: "name" });
      };
      asked.onblocked = () => { store.blocked = true; show(); };
      asked.onsuccess = () => {
        clearTimeout(late);
        store.blocked = false;
        const database = asked.result;
        database.onversionchange = () => { database.close(); opening = null; };
        database.onclose = () => { opening = null; };
        resolve(database);
      };
      asked.onerror = () => { clearTimeout(late); reject(asked.error); };
    });
    opening.catch(() => { opening = null; });
    return opening;
  }

  function transact(database, names, mode, work) {
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(names, mode);
      let found, fault = null;
      // Safari completes what was committed by hand although a request of it failed: such a row is not kept.
      transaction.onerror = ({ target }) => { fault ??= target.error; };
      transaction.oncomplete = () => (fault ? reject(fault) : resolve(found?.result));
      transaction.onabort = () => reject(fault ?? transaction.error ?? new DOMException("undone", "AbortError"));
      const undo = (thrown) => {
        fault = thrown;
        try { transaction.abort(); } catch { reject(thrown); }
      };
      const s = (name) => transaction.objectStore(name);
      // What is done with a row once it is read, in the same transaction.
      s.then = (request, act) => {
        request.onsuccess = () => { try { act(request.result); } catch (thrown) { undo(thrown); } };
        return request;
      };
      s.commit = () => transaction.commit?.();
      try {
        found = work(s);
      } catch (thrown) {
        undo(thrown);
      }
    });
  }

  // The system closes stores of pages in the background: opened again, the act is done again, once.
  const CLOSED = ["InvalidStateError", "UnknownError", "AbortError", "TransactionInactiveError"];
  async function within(names, mode, work) {
    for (let again = false; ; again = true) {
      try {
        const found = await transact(await open(), names, mode, work);
        if (store.state !== "ok" && (mode === "readwrite" || store.state !== "full")) stands("ok");
        return found;
      } catch (fault) {
        if (!again && CLOSED.includes(fault?.name)) {
          opening?.then((database) => database.close(), () => {});
          opening = null;
        } else if (!again && fault?.name === "QuotaExceededError" && await forgetDelivered()) {
          continue; // room was made by photos that the server has
        } else {
          stands(fault?.name === "QuotaExceededError" ? "full" : window.indexedDB ? "shut" : "missing");
          throw fault;
        }
      }
    }
  }
  function stands(state) {
    if (store.state === state) return;
    store.state = state;
    tell("change");
    show();
  }
  async function forgetDelivered() {
    try {
      const database = await open();
      const count = await transact(database, ["sentPieces"], "readonly", (s) => s("sentPieces").count());
      if (count) await transact(database, ["sentPieces"], "readwrite", (s) => s("sentPieces").clear());
      return count > 0;
    } catch {
      return false;
    }
  }
  const get = (name, key) => within([name], "readonly", (s) => s(name).get(key));
  const all = (name) => within([name], "readonly", (s) => s(name).getAll());
  const put = (name, row) => within([name], "readwrite", (s) => {
    const asked = s(name).put(row);
    s.commit(); // nothing follows: a page that is being closed need not wait to say so
    return asked;
  });
  const drop = (name, key) => within([name], "readwrite", (s) => s(name).delete(key));
  const safely = (asked, instead) => asked.catch(() => instead);
  const mine = async (name) => (me?.account ? (await safely(all(name), [])).filter((row) => row.account === me.account).map(readable) : []);
  // A private window of Safari keeps no files, only their bytes.
  let bytesOnly = false;
  const readable = (row) => (row.bytes ? { ...row, blob: new Blob([row.bytes], { type: row.type }) } : row);
  const storable = ({ blob, ...row }) => (row.bytes ? row : { ...row, blob });
  async function putPiece(row) {
    try {
      if (!bytesOnly) return await put("pieces", row);
    } catch (fault) {
      if (fault?.name === "QuotaExceededError") throw fault;
    }
    await put("pieces", storable({ ...row, type: row.blob.type, bytes: await new Response(row.blob).arrayBuffer() }));
    bytesOnly = true;
    return undefined;
  }

  // Changes a row only where it is still the one that was read: what was typed or queued meanwhile stays.
  const change = (name, row, key, changes) => safely(within([name], "readwrite", (s) => {
    s.then(s(name).get(key), (now) => { if (now && now.rev === row.rev) s(name).put({ ...now, ...changes }); });
  }));

  // Keeps a row among the last `most` of a store, counted and never by the clock.
  function keepLast(s, name, row, most) {
    s.then(s(name).index("n").openKeyCursor(null, "prev"), (last) => {
      s(name).put({ ...row, n: (last?.key ?? 0) + 1 });
      s.then(s(name).index("n").getAllKeys(), (keys) => keys.slice(0, Math.max(0, keys.length - most)).forEach((key) => s(name).delete(key)));
    });
  }

  async function persist() {
    if (store.persisted !== null || !navigator.storage?.persist) return;
    store.persisted = false;
    try {
      store.persisted = await navigator.storage.persisted() || await navigator.storage.persist();
    } catch { // asked where it may not be asked: not granted
    }
    tell("change");
  }

  // --- drafts: in the same store. A page that is being closed leaves its last words where they are written at once.
  const keyOf = (account, record) => `${account}/${record}`;
  function lastBreaths() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(LAST_BREATH)).flatMap((key) => {
        const [account, record] = key.slice(LAST_BREATH.length).split("/");
        const kept = JSON.parse(localStorage.getItem(key));
        return kept ? [{ ...kept, key: keyOf(account, record), account: Number(account), record }] : [];
      });
    } catch {
      return [];
    }
  }
  function exhale(key) {
    try { localStorage.removeItem(LAST_BREATH + key); } catch { /* shut: nothing is there */ }
  }
  async function takeIn() {
    for (const breath of lastBreaths()) {
      await within(["drafts"], "readwrite", (s) => {
        s.then(s("drafts").get(breath.key), (now) => { if (!now || (now.n ?? 0) < (breath.n ?? 0)) s("drafts").put(breath); });
      }).then(() => exhale(breath.key), () => {});
    }
  }
  async function keepDraft(draft) {
    const row = { ...draft, key: keyOf(draft.account, draft.record) };
    try {
      await put("drafts", row);
      exhale(row.key);
      return true;
    } catch {
      return breathe(row);
    }
  }
  function breathe(draft) {
    try {
      localStorage.setItem(LAST_BREATH + keyOf(draft.account, draft.record), JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }
  async function dropDraft(account, record) {
    exhale(keyOf(account, record));
    await safely(drop("drafts", keyOf(account, record)));
  }
  async function draftsOf(account) {
    const newest = new Map();
    for (const one of [...await safely(all("drafts"), []), ...lastBreaths()]) {
      if (one.account === account && !((newest.get(one.key)?.n ?? -1) > (one.n ?? 0))) newest.set(one.key, one);
    }
    return [...newest.values()];
  }

  // --- calls. `offline` stands for everything that is no answer in our own words; `why` says what it was.
  let tablet = null, counted = { waiting: 0, since: null };
  async function tabletId() {
    if (tablet) return tablet;
    const kept = await safely(get("about", "tablet"));
    tablet = kept?.id ?? uuid();
    if (!kept) await safely(put("about", { name: "tablet", id: tablet }));
    return tablet;
  }
  async function call(address, options = {}, patience = PATIENCE) {
    const cut = new AbortController();
    const waits = counted.since === null ? "-" : Math.max(0, Math.round((Date.now() - counted.since) / 1000));
    const headers = { "x-so-giam-sat": "1", "x-tablet": `${await tabletId()} ${VERSION} ${counted.waiting} ${waits}`, ...options.headers };
    if (me?.account) headers["x-account"] = String(me.account);
    let late = false;
    const timer = setTimeout(() => { late = true; cut.abort(); }, patience);
    try {
      return await heard(await fetch(address, { cache: "no-store", ...options, headers, redirect: "manual", signal: cut.signal }));
    } catch {
      check();
      return { offline: true, why: late ? "slow" : "cut" };
    } finally {
      clearTimeout(timer);
    }
  }
  async function heard(answer) {
    const { status } = answer;
    const isJson = (answer.headers.get("content-type") ?? "").includes("application/json");
    const told = isJson ? await answer.json() : null;
    const inOurWords = told !== null && typeof told === "object";
    const no = (why) => ({ offline: true, why, status, wait: Number(answer.headers.get("retry-after")) || 0 });
    if (status === 401 && told?.signed_out === true) {
      setLinked(true);
      signedOut = true;
      confirmed = false;
      show();
      ask(); // or somebody else has signed in meanwhile
      return { signedOut: true };
    }
    if ([408, 425, 429, 503].includes(status)) return no("busy");
    if (status >= 500) return no("wrong");
    if (inOurWords && (answer.ok || Array.isArray(told.problems) && told.problems.length || Number.isInteger(told.offset))) {
      setLinked(true);
      return { ok: answer.ok, status, told };
    }
    check();
    return no(status === 413 ? "large" : "portal");
  }

  // --- who is signed in. Without an answer it is who it was last on this tablet; nothing is sent until the server has said so.
  let asking = null;
  function who() {
    if (me?.account && !signedOut && (confirmed || !linked)) return Promise.resolve(me);
    return ask();
  }
  function ask() {
    asking ??= askWho().finally(() => { asking = null; });
    return asking;
  }
  async function askWho() {
    if (/(^|; )so_giam_sat_left=1/.test(document.cookie)) await forget();
    const last = await safely(get("about", "me"));
    const known = last?.words ? `?words=${encodeURIComponent(last.words)}` : "";
    const answer = await call(`${ADDRESSES.who}${known}`);
    if (answer.ok && "account" in answer.told && (answer.told.texts || last?.texts)) await learn({ texts: last?.texts, ...answer.told }, last);
    else if (!me) me = last?.account || last?.texts ? { ...last } : null;
    if (me?.account) await mend();
    await recount();
    show();
    return me;
  }
  async function learn(told, last) {
    const before = me?.account;
    if (server !== null && told.server !== server && document.querySelector('[data-testid="stApp"]')) {
      restarted = true;
      setTimeout(() => { restarted = false; show(); }, EVERY);
    }
    if (told.server !== server) compared = -Infinity; // it may have begun anew from an older database
    server = told.server;
    const plain = location.pathname === ADDRESSES.signIn || location.pathname.startsWith(`${ADDRESSES.link}/`);
    signedOut = told.account === null && !plain;
    confirmed = told.account !== null;
    // Whose sign-in has ended goes on writing; it is theirs until somebody else signs in.
    me = told.account === null && last?.account && !plain ? { ...last, texts: told.texts, words: told.words } : told;
    if (told.account !== null) await safely(put("about", { ...told, name: "me", sign_in: told.name }));
    else if (last) await safely(put("about", { ...last, texts: told.texts, words: told.words }));
    if (me === told) me = { ...told, sign_in: told.name };
    if (before !== me.account) tell("change");
  }
  // A former version of this page left records of which only {"outbox": true} was kept. Where what was pressed stands beside it,
  // the record is made whole again and goes; otherwise it is marked and said. Nothing of it is deleted.
  async function mend() {
    for (const row of (await mine("records")).filter((one) => !one.payload?.answers && !one.damaged)) {
      const draft = (await draftsOf(row.account)).find((one) => one.record === row.record);
      const photos = (await mine("pieces")).filter((piece) => piece.record === row.record && !piece.problems && !piece.dropped);
      const place = [draft, ...photos].find((one) => [one?.plan, one?.activity, one?.unit].every(Number.isInteger));
      const typed = readTyped(row.typed);
      const { answers, follow_up: found, ...rest } = typed ?? {};
      const whole = typed && place && {
        plan: place.plan, activity: place.activity, unit: place.unit, seen_version: draft?.version ?? 0, sends: true, ...rest,
        answers: found?.length ? { ...answers, follow_up: found } : answers, evidence: photos.map((piece) => piece.id), outbox: true,
      };
      const named = { sign_in: row.sign_in ?? me.sign_in, who: row.who ?? me.display_name, rev: uuid() };
      await safely(within(["records"], "readwrite", (s) => s.then(s("records").get(row.record), (now) => {
        if (!now || now.payload?.answers) return;
        s("records").put({ ...now, ...named, ...(whole ? { payload: whole, problems: null, newer: null } : { damaged: true, problems: [] }) });
      })));
    }
  }
  const readTyped = (text) => {
    try {
      const typed = JSON.parse(text);
      return typed && typeof typed.answers === "object" && typed.answers !== null ? typed : null;
    } catch { // nothing was kept, or no JSON
      return null;
    }
  };
  async function forget() {
    document.cookie = "so_giam_sat_left=; path=/; max-age=0; samesite=lax";
    const last = await safely(get("about", "me"));
    if (last) await safely(put("about", { name: "me", texts: last.texts, words: last.words, account: null }));
    me = null;
    confirmed = false;
  }

  // --- the link
  function setLinked(now) {
    if (linked === now) return;
    linked = now;
    tell("link", now);
    show();
    if (now) ask().then(() => flush(true));
  }
  let checking = null;
  function check() {
    checking ??= lookWhetherLinked().catch(() => setLinked(false)).finally(() => { checking = null; });
    return checking;
  }
  async function lookWhetherLinked() {
    const cut = new AbortController(), timer = setTimeout(() => cut.abort(), PATIENCE);
    const healthy = await fetch(ADDRESSES.health, { cache: "no-store", redirect: "manual", signal: cut.signal })
      .then(async (answer) => answer.ok && (await answer.text()).trim() === "ok").catch(() => false);
    clearTimeout(timer);
    // Where only this one address is shut, the link is there all the same.
    setLinked(healthy || Boolean((await call(`${ADDRESSES.who}?words=${encodeURIComponent(me?.words ?? "")}`)).ok));
  }

  // --- one sender at a time among the tabs; where the browser has no locks, by a lease in the store
  async function alone(name, work) {
    if (navigator.locks) return alonePastTheStuck(name, work);
    if (!await lease(name)) return again(FIRST_WAIT);
    const renewing = setInterval(() => lease(name), 5000);
    try {
      return await work();
    } finally {
      clearInterval(renewing);
      await safely(drop("about", `lease/${name}`));
    }
  }
  // A tab that the system froze in the middle of its sending holds the lock and sends nothing: it is taken from it, after a while or
  // when a person asks. Two that send at once double nothing.
  const stuckSince = new Map();
  function alonePastTheStuck(name, work) {
    const steal = byHand || performance.now() - (stuckSince.get(name) ?? Infinity) > STUCK;
    return navigator.locks.request(`so-giam-sat-${name}`, steal ? { steal } : { ifAvailable: true }, (lock) => {
      if (lock) stuckSince.delete(name);
      else if (!stuckSince.has(name)) stuckSince.set(name, performance.now());
      return lock ? work() : again(FIRST_WAIT);
    });
  }
  async function lease(name) {
    const until = Date.now() + 20000;
    let got = { result: true };
    return safely(within(["about"], "readwrite", (s) => {
      got = { result: true };
      s.then(s("about").get(`lease/${name}`), (held) => {
        // A lease that runs longer than any was given by a clock that has been set back since.
        got.result = !held || held.tab === TAB || held.until < Date.now() || held.until > Date.now() + 60000;
        if (got.result) s("about").put({ name: `lease/${name}`, tab: TAB, until });
      });
      return got;
    }), true);
  }
  const running = {};
  function once(name, work) {
    running[name] ??= alone(name, work).catch((fault) => { console.error(fault); again(FIRST_WAIT); }).finally(() => { delete running[name]; });
    return running[name];
  }

  // --- sending
  let failures = 0, timer = null, notBefore = 0, byHand = false;
  function again(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => flush(), wait * (0.7 + 0.6 * Math.random()));
  }
  function failed(answer) {
    if (answer.wait) notBefore = Math.max(notBefore, performance.now() + Math.min(answer.wait, LONGEST_WAIT / 1000) * 1000);
  }
  const isCut = (answer) => answer.why === "cut" || answer.why === "slow";

  const provedRecord = (answer, record, payload) => Boolean(answer.ok && answer.told.record === record && Number.isInteger(answer.told.version)
    && typeof answer.told.status === "string" && (!payload.sends || answer.told.status !== "draft"));
  const provedPiece = (answer, id) => Boolean(answer.ok && answer.told.id === id && answer.told.full);
  const refusal = (answer) => !answer.ok && Array.isArray(answer.told?.problems);

  async function post(record, payload) {
    const answer = await call(`${ADDRESSES.records}/${record}`, {
      method: "POST", body: JSON.stringify(payload), headers: { "content-type": "application/json" },
    }, SENDING);
    if (answer.ok && !provedRecord(answer, record, payload)) return { offline: true, why: "portal" };
    return answer;
  }

  const inFlight = new Map();
  async function sendRecord(record) {
    while (inFlight.has(record)) await inFlight.get(record); // of what was pressed before: this is about what stands there now
    const sending = sendWaiting(record).finally(() => inFlight.delete(record));
    inFlight.set(record, sending);
    return sending;
  }
  // The row that goes next, marked first: from here on it may have arrived, whatever is heard of it.
  async function begin(record) {
    const mayGo = (row) => (row && !row.problems && row.account === me?.account ? row : null);
    const marked = { result: null };
    await within(["records"], "readwrite", (s) => {
      s.then(s("records").get(record), (now) => {
        marked.result = mayGo(now);
        if (marked.result && !now.before) s("records").put({ ...now, begun: true });
      });
      return marked;
    }).catch(async () => { marked.result = mayGo(await safely(get("records", record))); }); // no room even for the mark
    return marked.result;
  }
  async function sendWaiting(record) {
    let row = await begin(record), answer = null;
    // What may have arrived earlier goes once more, and tells the version to go on from; what is refused never arrived.
    while (row?.before) {
      const first = answer = await post(record, row.before);
      if (!answer.ok && !refusal(answer)) break;
      const goesOn = (now) => ({ ...now, before: null, payload: first.ok ? { ...now.payload, seen_version: first.told.version } : now.payload });
      row = await within(["records"], "readwrite", (s) => s.then(s("records").get(record), (now) => {
        if (now?.before) s("records").put(goesOn(now));
      })).then(() => begin(record), () => goesOn(row));
    }
    if (!row) return null;
    if (!row.before) answer = await post(record, row.payload);
    const last = Date.now();
    if (answer.ok) await settle(row, answer.told);
    else if (refusal(answer)) await change("records", row, record, { problems: answer.told.problems, newer: answer.told.newer, outcome: "refused", last, begun: false });
    else if (answer.signedOut) await change("records", row, record, { outcome: "signed_out", last });
    else {
      failed(answer);
      await change("records", row, record, { tries: (row.tries ?? 0) + 1, bad: (row.bad ?? 0) + (answer.why === "cut" ? 0 : 1), outcome: answer.why, last });
    }
    const detail = { row: { record, account: row.account, typed: row.typed }, answer };
    tell("record", detail);
    others?.postMessage({ name: "record", detail });
    show();
    return answer;
  }

  // What was typed and has been sent needs no keeping; what was typed after it goes on from the sent version.
  const settle = (row, told) => within(["records", "drafts", "sent"], "readwrite", (s) => {
    s.then(s("records").get(row.record), (now) => {
      if (now?.rev === row.rev) s("records").delete(row.record);
      else if (now) s("records").put({ ...now, payload: { ...now.payload, seen_version: told.version }, before: null });
    });
    s.then(s("drafts").get(keyOf(row.account, row.record)), (draft) => {
      if (!draft) return;
      if (JSON.stringify(draft.typed) === row.typed) s("drafts").delete(draft.key);
      else s("drafts").put({ ...draft, version: told.version, unsure: null });
    });
    const { problems, newer, tries, bad, before, begun, outcome, last, typed, rev, ...kept } = row;
    keepLast(s, "sent", { ...kept, version: told.version, status: told.status, words: told.words ?? "", at: Date.now() }, SENT_KEPT);
  }).then(() => exhale(keyOf(row.account, row.record)), () => dropProved(row));
  // No room for the proof: what is proved goes all the same. Where even that fails it is sent once more, and is the same record.
  const dropProved = (row) => safely(within(["records"], "readwrite", (s) => s.then(s("records").get(row.record), (now) => {
    if (now?.rev === row.rev) s("records").delete(row.record);
  })));

  const oldest = (a, b) => (a.bad ?? 0) - (b.bad ?? 0) || (a.n ?? 0) - (b.n ?? 0) || (a.at ?? 0) - (b.at ?? 0);
  const toSend = async () => (await mine("records")).filter((row) => !row.problems).sort(oldest);

  async function sendRecords() {
    const tried = new Set();
    let sent = 0, cuts = 0, bad = 0;
    await mend(); // a former version may still be open in another tab
    for (let more = true; more && cuts < 2;) {
      more = false;
      for (const row of await toSend()) {
        if (tried.has(row.rev ?? row.record)) continue;
        more = true;
        tried.add(row.rev ?? row.record);
        const answer = await sendRecord(row.record);
        if (answer?.signedOut) return false;
        if (answer?.ok) sent += 1;
        if (answer?.offline) bad += 1;
        cuts = answer && isCut(answer) ? cuts + 1 : 0;
        if (cuts >= 2) break;
      }
    }
    if (sent && me?.texts) say(fill(me.texts.went, { count: sent }));
    return bad === 0;
  }

  // Photos: whole where they are small, otherwise in parts that go on where the server is. A slow line gets smaller parts.
  async function sha256(blob) {
    const bytes = await new Response(blob).arrayBuffer();
    if (!crypto.subtle) return (await import(new URL("/assets/form/sha256.js", location.href).href)).sha256(bytes);
    return [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((b) => b.toString(16).padStart(2, "0")).join("");
  }
  async function sendPiece(piece) {
    if (piece.account !== me?.account) return null;
    if (piece.dropped) {
      const answer = await call(`${ADDRESSES.evidence}/${piece.id}`, { method: "DELETE" });
      if (answer.ok || refusal(answer)) await safely(drop("pieces", piece.id));
      return answer;
    }
    let answer;
    try {
      answer = await sendParts(piece);
    } catch { // the browser cannot read its own photo any more
      answer = { unread: true, told: { problems: [{ where: "", text: me.texts.outcome_unread }] } };
    }
    if (answer.ok) await delivered(piece);
    else if (refusal(answer)) {
      if (loose.has(piece.id)) Object.assign(loose.get(piece.id), { problems: answer.told.problems });
      await change("pieces", piece, piece.id, { problems: answer.told.problems, outcome: "refused", last: Date.now() });
    } else if (!answer.signedOut) {
      failed(answer);
      await change("pieces", piece, piece.id, { tries: (piece.tries ?? 0) + 1, bad: (piece.bad ?? 0) + (answer.why === "cut" ? 0 : 1), outcome: answer.why, last: Date.now() });
    }
    const detail = { piece: { id: piece.id, record: piece.record, name: piece.name }, answer };
    tell("piece", detail);
    others?.postMessage({ name: "piece", detail });
    show();
    return answer;
  }
  async function sendParts(piece) {
    const { size } = piece.blob;
    const place = new URLSearchParams({ record: piece.record, plan: piece.plan, activity: piece.activity, unit: piece.unit });
    const address = `${ADDRESSES.evidence}/${piece.id}?${place}`;
    const headers = { "x-file-name": encodeURIComponent(piece.name), "content-type": "application/octet-stream" };
    const ask = (range, digest, body, patience) => call(address, { method: "PUT", body, headers: { ...headers, "content-range": `bytes ${range}/${size}`, "x-sha256": digest } }, patience);
    if (!size) return proved(await call(address, { method: "PUT", body: new Blob([]), headers }, PATIENCE), piece.id);
    const digest = await sha256(piece.blob);
    let offset = 0, rests = 0;
    if (size > FIRST_PART && (piece.begun || piece.tries)) {
      const answer = proved(await ask("*", digest, null, PATIENCE), piece.id);
      if (!Number.isInteger(answer.told?.offset)) return answer;
      offset = answer.told.offset;
    }
    for (;;) {
      const end = Math.min(offset + part, size), began = performance.now();
      // Everything that came, and no piece of it: asked for nothing more than the proof.
      const answer = proved(offset === size ? await ask("*", digest, null, PART_PATIENCE)
        : await ask(`${offset}-${end - 1}`, digest, await new Response(piece.blob.slice(offset, end)).arrayBuffer(), PART_PATIENCE), piece.id);
      if (["large", "slow", "cut"].includes(answer.why)) part = Math.max(LEAST_PART, Math.floor(part / 4));
      if (!Number.isInteger(answer.told?.offset) || answer.told.id !== piece.id) return answer;
      rests = answer.told.offset > offset ? 0 : rests + 1;
      if (rests > 3) return { offline: true, why: "wrong" };
      offset = answer.told.offset;
      if (!piece.begun) await change("pieces", piece, piece.id, { begun: piece.begun = true });
      if (performance.now() - began < 1500) part = Math.min(MOST_PART, part * 2);
      else if (performance.now() - began > 20000) part = Math.max(LEAST_PART, Math.floor(part / 2));
      tell("part", { id: piece.id, record: piece.record, share: offset / size });
      if ((await toSend()).some((row) => !row.outcome)) await once("records", sendRecords);
    }
  }
  const proved = (answer, id) => (answer.ok && !provedPiece(answer, id) && !(answer.told.id === id && Number.isInteger(answer.told.offset))
    ? { offline: true, why: "portal" } : answer.ok && !answer.told.full ? { ...answer, ok: false } : answer);
  async function delivered(piece) {
    loose.delete(piece.id);
    try {
      await within(["pieces", "sentPieces"], "readwrite", (s) => {
        s("pieces").delete(piece.id);
        const { tries, bad, outcome, last, begun, ...kept } = piece;
        keepLast(s, "sentPieces", storable(kept), PHOTOS_KEPT);
      });
    } catch { // no room for a second look: the server has it
      await safely(drop("pieces", piece.id));
    }
  }
  const myPieces = async () => [...await mine("pieces"), ...[...loose.values()].filter((piece) => piece.account === me?.account)];

  async function sendPieces() {
    const tried = new Set();
    let cuts = 0, bad = 0, out = false;
    let left = [];
    async function next() {
      if (!left.length) left = (await myPieces()).filter((piece) => !piece.problems && !tried.has(piece.id)).sort(oldest);
      const piece = left.shift();
      return piece && tried.has(piece.id) ? next() : piece;
    }
    async function worker() {
      for (let piece = await next(); piece && cuts < 2 && !out; piece = await next()) {
        tried.add(piece.id);
        const answer = await sendPiece(piece);
        if (answer?.signedOut) out = true;
        if (answer?.offline) bad += 1;
        cuts = answer && isCut(answer) ? cuts + 1 : 0;
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return bad === 0;
  }

  // After a restored backup the server lacks what it had: it is offered once more, from what is kept here of the last ones sent.
  async function compare() {
    const sent = (await mine("sent")).sort((a, b) => b.n - a.n), pieces = (await mine("sentPieces")).sort((a, b) => b.n - a.n);
    if (!sent.length && !pieces.length) return true;
    const lost = async (rows, photos) => {
      const answer = await call(ADDRESSES.known, {
        method: "POST", headers: { "content-type": "application/json" },
        body: JSON.stringify({ records: rows.map((row) => row.record), pieces: photos.map((piece) => piece.id) }),
      });
      if (!answer.ok || !answer.told.records || !Array.isArray(answer.told.pieces)) return null;
      return {
        rows: rows.filter((row) => !(answer.told.records[row.record]?.version >= row.version)).map((row) => [row, answer.told.records[row.record]]),
        photos: photos.filter((piece) => !answer.told.pieces.includes(piece.id)),
      };
    };
    let gone = await lost(sent.slice(0, ASKED_FIRST), pieces.slice(0, ASKED_FIRST));
    if (gone && (gone.rows.length || gone.photos.length)) gone = await lost(sent, pieces);
    if (!gone) return false;
    for (const [row, known] of gone.rows) {
      const { n, version, status, words, ...kept } = row;
      const payload = { ...row.payload, seen_version: Math.min(row.payload.seen_version, known?.version ?? row.payload.seen_version) };
      await safely(within(["records", "sent"], "readwrite", (s) => {
        s.then(s("records").get(row.record), (waits) => { if (!waits) s("records").put({ ...kept, n: -1, payload, rev: uuid(), typed: "" }); });
        s("sent").delete(row.record);
      }));
    }
    for (const { n, ...piece } of gone.photos) {
      await safely(within(["pieces", "sentPieces"], "readwrite", (s) => { s("pieces").put(storable(piece)); s("sentPieces").delete(piece.id); }));
    }
    return true;
  }

  // Everything that waits, records before photos. `anew` where something happened that may have changed the link.
  async function flush(anew = false) {
    if (anew) failures = 0;
    await ready;
    if (!confirmed) await ask();
    if (!confirmed || signedOut) {
      if (!signedOut) again(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++));
      return show();
    }
    if (performance.now() < notBefore && anew !== "by hand") return again(notBefore - performance.now() + 100);
    if (performance.now() - compared > COMPARED_FOR && await compare()) compared = performance.now();
    byHand = anew === "by hand";
    const records = await once("records", sendRecords);
    const pieces = signedOut ? false : await once("pieces", sendPieces);
    byHand = false;
    await recount();
    show();
    if (reported !== counted.waiting && !signedOut) ask(); // the server is told how many wait now
    reported = counted.waiting;
    if (records !== false && pieces !== false || signedOut) failures = 0;
    else again(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++));
    return undefined;
  }
  let reported = 0;

  // --- what the forms hand in
  async function queue(row) {
    const number = await safely(within(["about"], "readwrite", (s) => {
      const next = { result: 0 };
      s.then(s("about").get("next"), (last) => {
        next.result = (last?.value ?? 0) + 1;
        s("about").put({ name: "next", value: next.result });
      });
      return next;
    }), 0);
    await within(["records", "sent"], "readwrite", (s) => {
      let { payload } = row;
      // This tablet sent it while the person was still typing: what is pressed now goes on from there.
      s.then(s("sent").get(row.record), (sent) => {
        if (sent?.account === row.account && sent.version > payload.seen_version) payload = { ...payload, seen_version: sent.version };
      });
      s.then(s("records").get(row.record), (old) => {
        // The older content may have arrived, its answer lost: it goes first, and gives the version to go on from.
        const before = row.before ?? (old && !old.problems && old.begun && JSON.stringify(old.payload) !== JSON.stringify(payload) ? old.payload : old?.before) ?? null;
        s("records").put({
          sign_in: me?.sign_in, who: me?.display_name, ...row, payload, n: old?.n ?? number, at: old?.at ?? Date.now(), rev: uuid(), before, tries: 0, bad: 0, outcome: null, last: null, begun: false, problems: null, newer: null,
        });
      });
    });
    persist();
    await recount();
    tell("change");
    show();
  }
  async function unqueue(record) {
    await safely(drop("records", record));
    await recount();
    tell("change");
    show();
  }
  // Gives whether it is kept; what is not goes from memory, as long as the page stays open.
  async function keepPiece(piece) {
    const row = { ...piece, sign_in: me?.sign_in, at: Date.now(), rev: uuid() };
    persist();
    try {
      await putPiece(row);
      return true;
    } catch {
      loose.set(row.id, row);
      return false;
    } finally {
      tell("change");
      show();
      again(50);
    }
  }
  // Taken back: the server is told too, where the record names it as still to come.
  async function dropPiece(id) {
    loose.delete(id);
    await safely(within(["pieces", "sentPieces"], "readwrite", (s) => {
      s("sentPieces").delete(id);
      s.then(s("pieces").get(id), (now) => {
        if (!now) return;
        const { blob, bytes, problems, ...rest } = now;
        s("pieces").put({ ...rest, dropped: true });
      });
    }));
    tell("change");
    again(50);
  }
  async function retryPiece(id) {
    await safely(within(["pieces"], "readwrite", (s) => {
      s.then(s("pieces").get(id), (now) => { if (now) s("pieces").put({ ...now, problems: undefined }); });
    }));
    return flush("by hand");
  }
  const seen = (pieces) => pieces.filter((piece) => !piece.dropped);

  const bare = ({ activity_name, unit_name, day, address, record, account, at }) => ({ record, account, activity_name, unit_name, day, address, at });
  async function waiting() {
    await who();
    const pieces = seen(await myPieces()), rows = (await mine("records")).sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
    const entries = new Map(rows.map((row) => [row.record, { tries: 0, last: null, outcome: null, problems: null, ...row, pieces: [] }]));
    for (const piece of pieces) {
      if (!entries.has(piece.record)) entries.set(piece.record, { ...bare(piece), tries: 0, last: null, outcome: null, problems: null, payload: null, pieces: [] });
      entries.get(piece.record).pieces.push(piece);
    }
    return [...entries.values()];
  }

  // --- the bar at the foot of the page: a few lines, and the page ends above it
  const fill = (text, figures) => text.replace(/\{(\w+)\}/g, (whole, name) => figures[name] ?? whole);
  function say(text) {
    passing = text;
    show();
    setTimeout(() => { passing = ""; show(); }, 6000);
  }
  const named = (row) => [row.activity_name ?? row.title, row.unit_name, row.day].filter(Boolean).join(" · ");
  const firstSeen = new Map();
  const lasts = (key) => {
    if (!firstSeen.has(key)) {
      firstSeen.set(key, performance.now());
      setTimeout(show, UNSAID + 50);
    }
    return performance.now() - firstSeen.get(key) > UNSAID;
  };

  async function recount() {
    const rows = await mine("records");
    counted = { waiting: rows.length, since: rows.length ? Math.min(...rows.map((row) => row.at ?? Date.now())) : null };
  }
  let showing = null, stale = false;
  function show() {
    if (showing) { stale = true; return; }
    showing = new Promise((done) => { setTimeout(done, running.records || running.pieces ? 400 : 30); }).then(lines).catch(() => []).then((parts) => {
      showing = null;
      if (parts) draw(parts);
      if (stale) { stale = false; show(); }
    });
  }
  async function lines() {
    const texts = me?.texts;
    if (!texts || !document.body) return null;
    const parts = [], list = ADDRESSES.waiting;
    if (!linked) parts.push([texts.lost]);
    if (signedOut && linked) parts.push([texts.ended, texts.signIn, `${ADDRESSES.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`]);
    if (restarted) parts.push([texts.restarted]);
    if (store.blocked) parts.push([texts.otherTab]);
    else if (store.state === "shut" || store.state === "missing") parts.push([texts.shut]);
    else if (store.state === "full") parts.push([texts.full]);
    if (loose.size) parts.push([fill(texts.loose, { names: [...loose.values()].map((piece) => piece.name).slice(0, 3).join(", ") + (loose.size > 3 ? "…" : "") })]);
    const here = (row) => location.search.includes(row.record);
    const records = await mine("records"), pieces = seen(await mine("pieces"));
    const unsaid = (row) => !linked || signedOut || row.tries || lasts(row.rev ?? row.record);
    const count = records.filter((row) => !row.problems && unsaid(row)).length, photos = pieces.filter((piece) => !piece.problems && unsaid(piece)).length;
    const waits = [count && fill(texts.waiting, { count }), photos && fill(texts.waitingPhotos, { count: photos })].filter(Boolean);
    if (waits.length) parts.push([waits.join(" "), texts.show, list]);
    const refused = records.filter((row) => row.problems && !here(row));
    if (refused.length === 1) parts.push([fill(refused[0].damaged ? texts.incomplete : texts.refused, { name: named(refused[0]) }), texts.open, refused[0].address]);
    else if (refused.length) parts.push([fill(texts.toCorrect, { count: refused.length }), texts.show, list]);
    const unaccepted = pieces.filter((piece) => piece.problems && !here(piece));
    if (unaccepted.length === 1) parts.push([fill(texts.photoRefused, { photo: unaccepted[0].name, name: named(unaccepted[0]) }), texts.look, list]);
    else if (unaccepted.length) parts.push([fill(texts.photosRefused, { count: unaccepted.length }), texts.look, list]);
    for (const [name, waits] of await ofOthers()) parts.push([fill(texts.others, { count: waits, name })]);
    if (passing) parts.push([passing]);
    return parts;
  }
  async function ofOthers() {
    if (!me) return [];
    const counts = new Map();
    for (const row of await safely(all("records"), [])) {
      if (row.account === me.account) continue;
      const name = row.who ?? "?";
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return [...counts];
  }

  // What waits stands on the page itself, on the plain one or within the tablet's: no line leads to where one is.
  const showsTheList = () => document.querySelector("#waiting") !== null;
  function draw(parts) {
    if (showsTheList()) parts = parts.filter(([, , address]) => address !== ADDRESSES.waiting);
    if (!parts.length) {
      bar?.remove();
      bar = null;
      return makeWay();
    }
    if (!bar) {
      bar = document.createElement("div");
      bar.id = "so-giam-sat-link";
      bar.setAttribute("role", "status");
      bar.style.cssText = "position:fixed;inset:auto 0 0 0;z-index:999999;background:#1d2733;color:#fff;padding:.6rem 1rem;box-sizing:border-box;"
        + "max-height:30vh;overflow:auto;font:1rem/1.4 'Source Sans',sans-serif;display:grid;gap:.3rem;border-top:3px solid #ffd479";
      document.body.append(bar);
      window.ResizeObserver && new ResizeObserver(makeWay).observe(bar);
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
    return makeWay();
  }
  // What stands at the foot of a page (Send) is never covered: the page ends where the bar begins.
  function makeWay() {
    const height = bar ? Math.ceil(bar.getBoundingClientRect().height) : 0;
    document.documentElement.style.setProperty("--so-giam-sat-bar", `${height}px`);
    const root = document.querySelector('[data-testid="stApp"]') && document.getElementById("root");
    if (root) root.style.cssText = height ? `position:fixed;inset:0 0 ${height}px 0;transform:translateZ(0)` : "";
    else document.body.style.paddingBottom = height ? `${height + 16}px` : "";
  }

  // --- when it is tried
  addEventListener("offline", () => setLinked(false));
  addEventListener("online", () => check().then(() => flush(true)));
  addEventListener("pageshow", ({ persisted }) => persisted && flush(true));
  document.addEventListener("visibilitychange", () => document.hidden || check().then(() => flush(true)));
  setInterval(() => document.hidden && linked || check(), BEAT);
  setInterval(() => flush(), EVERY);
  addEventListener("beforeunload", (leaving) => loose.size && leaving.preventDefault());
  if (others) others.onmessage = ({ data }) => { tell(data.name, data.detail); show(); };

  // Streamlit's page connected anew: to the same run of the service, or to another one?
  new MutationObserver((changes) => changes.some(({ target }) => target.getAttribute("data-test-connection-state") === "CONNECTED") && ask())
    .observe(document.documentElement, { subtree: true, attributeFilter: ["data-test-connection-state"] });
  navigator.storage?.persisted?.().then((kept) => { store.persisted = kept || null; }, () => {});

  const ready = takeIn();
  flush();

  return {
    events, call, check, flush, who, forget, store, uuid, version: VERSION, addresses: ADDRESSES, tabletId, show,
    get linked() { return linked; },
    get signedOut() { return signedOut; },
    sendRecord: async (record) => {
      if (!confirmed) await ask();
      if (signedOut) return { signedOut: true };
      return confirmed ? sendRecord(record) : { offline: true, why: "cut" };
    },
    queue, unqueue, keepPiece, dropPiece, retryPiece, waiting,
    piecesOf: async (record) => seen(await myPieces()).filter((piece) => piece.record === record),
    looseOf: (record) => [...loose.values()].filter((piece) => piece.record === record),
    waits: async (record) => (await mine("records")).some((row) => row.record === record && !row.problems),
    waitingRow: async (record) => {
      const row = await safely(get("records", record));
      return me?.account && row?.account === me.account ? row : undefined;
    },
    readTyped,
    sentOf: (record) => safely(get("sent", record)),
    sentList: async () => { await who(); return (await mine("sent")).sort((a, b) => b.n - a.n); },
    keepDraft, dropDraft, draftsOf, breathe,
    drafts: async () => { await who(); return me?.account ? draftsOf(me.account) : []; },
  };
})();

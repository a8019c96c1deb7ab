// What is typed stands in the tablet's own store from the moment it is typed, under the account that typed it.
const PREFIX = "so-giam-sat/draft/";
const OLDEST = 90 * 24 * 3600 * 1000;
const keyOf = (data, record) => `${PREFIX}${data.account}/${record}`;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export const keeper = (data) => ({
  // Gives false where the tablet's store is full or shut: the person is told then.
  keep(record, typed) {
    try {
      localStorage.setItem(keyOf(data, record), JSON.stringify({ at: Date.now(), activity: data.activity, unit: data.unit, plan: data.plan, ...typed }));
      return true;
    } catch {
      return false;
    }
  },
  forget: (record) => localStorage.removeItem(keyOf(data, record)),
  // What was typed for this record; for a new one also what was begun for the same activity and place and never reached the server.
  found() {
    const own = read(keyOf(data, data.record));
    if (own) return { record: data.record, ...own };
    if (data.version || data.status) return null;
    const begun = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${data.account}/`)).map((key) => ({ record: key.split("/").pop(), ...read(key) }));
    for (const one of begun) if (Date.now() - one.at > OLDEST) localStorage.removeItem(keyOf(data, one.record));
    return begun.filter((one) => one.activity === data.activity && one.unit === data.unit && one.plan === data.plan && !one.version)
      .sort((a, b) => b.at - a.at)[0] ?? null;
  },
});

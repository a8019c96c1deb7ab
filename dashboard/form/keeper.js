// What is typed stands in the tablet's own store from the moment it is typed, under the account that typed it, until the
// record is sent or the person drops it. Nothing there goes by the clock of the tablet.
const PATIENCE = 3000;
const within = (asked) => Promise.race([asked, new Promise((done) => { setTimeout(() => done([]), PATIENCE); })]);

export const keeper = (data) => {
  const outbox = window.soGiamSatOutbox;
  let number = 0;
  const draft = (record, kept) => ({
    record, account: data.account, plan: data.plan, activity: data.activity, unit: data.unit, activity_name: data.activity_name, unit_name: data.unit_name,
    address: addressOf(data, record), at: Date.now(), n: ++number, ...kept,
  });
  return {
    // Gives false where the tablet's store is full or shut: the person is told then.
    keep: (record, kept) => outbox.keepDraft(draft(record, kept)),
    // The page is being closed: what waits for the store may come too late.
    atTheLast: (record, kept) => outbox.breathe(draft(record, kept)),
    forget: (record) => outbox.dropDraft(data.account, record),
    // What was typed for this record; for a new one also what was begun for the same activity and place and never reached the server.
    async found() {
      const drafts = await within(outbox.draftsOf(data.account));
      const own = drafts.find((one) => one.record === data.record);
      const begun = data.version || data.status ? [] : drafts
        .filter((one) => one.activity === data.activity && one.unit === data.unit && one.plan === data.plan && !one.version);
      // What was pressed "send" and waits is no beginning of the next record.
      const waits = await Promise.all(begun.map(async ({ record }) => { const row = await outbox.waitingRow(record); return Boolean(row && !row.problems); }));
      const found = own ?? begun.filter((_one, n) => !waits[n]).sort((a, b) => b.at - a.at)[0] ?? null;
      number = found?.n ?? 0;
      return found;
    },
  };
};

export const addressOf = (data, record) => (
  `${window.soGiamSatOutbox.addresses.form}?${new URLSearchParams({ plan: data.plan_code, activity: data.activity_code, unit: data.unit, record })}`);

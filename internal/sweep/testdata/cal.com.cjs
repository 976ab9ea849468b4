// Answers "when are all free" for the fixture in the file named by the first argument
// with the code that cal.com publishes in the npm package @calcom/platform-libraries, as
// cal.com's own server calls it, and says how long that took.
const { readFileSync } = require("node:fs");
const dayjs = require("dayjs");
for (const plugin of ["utc", "timezone", "minMax", "isBetween"]) dayjs.extend(require("dayjs/plugin/" + plugin));
const { buildDateRanges, intersect, subtract } = require("./date-ranges.cjs");

const { from, to, durationSec, work, people } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const at = (seconds) => dayjs.utc(seconds * 1000);
const clock = (minutes) => new Date(minutes * 60_000);
const hours = { days: work.days, startTime: clock(work.startMin), endTime: clock(work.endMin) };
const busy = people.map((p) => p.busy.map(([start, end]) => ({ start: at(start), end: at(end) })));
const ask = () => intersect(people.map(({ tz }, i) => {
  const { dateRanges } = buildDateRanges({ availability: [hours], timeZone: tz, dateFrom: at(from), dateTo: at(to), travelSchedules: [] });
  return subtract(dateRanges, busy[i]);
}));
let best = Infinity;
let answer;
for (let i = 0; i < 3; i++) {
  const begin = process.hrtime.bigint();
  answer = ask();
  best = Math.min(best, Number(process.hrtime.bigint() - begin));
}
const windows = answer.filter((w) => w.end - w.start >= durationSec * 1000).map((w) => [w.start / 1000, w.end / 1000]);
console.log(JSON.stringify({ nanoseconds: Math.round(best), windows }));

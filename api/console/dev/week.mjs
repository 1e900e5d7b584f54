// An invented week for the mock: asleep at night, up some nights more than others, out on a day without data.
const CELL = 9e5;
const DAY = 864e5;
const CHINA = 8 * 36e5;

function seeded(text) {
  let state = [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
  return () => ((state = (state * 1664525 + 1013904223) >>> 0) / 2 ** 32);
}

const usual = (hour) => (hour < 6 ? 0.004 : hour < 7 ? 0.05 : hour < 12 ? 0.09 : hour < 14 ? 0.03 : hour < 20 ? 0.08 : hour < 22 ? 0.04 : 0.006);

export function weekOf(id, alerts) {
  const random = seeded(id);
  const today = Math.floor((Date.now() + CHINA) / DAY) * DAY - CHINA;
  const days = [...Array(7)].map((_, i) => {
    const start = today - (6 - i) * DAY;
    const cells = Math.min(96, Math.ceil((Date.now() - start) / CELL));
    const restless = i === 3 || i === 5;
    const activity = [...Array(cells)].map((__, cell) => {
      const hour = cell / 4;
      if (i === 2 && hour > 13 && hour < 18) return null;
      const up = hour < 5 && random() < (restless ? 0.4 : 0.06);
      return Number(((up ? 0.08 : usual(hour)) * (0.3 + 1.4 * random())).toFixed(4));
    });
    return { date: new Date(start + CHINA).toISOString().slice(0, 10), start: new Date(start).toISOString(), end: new Date(start + DAY).toISOString(), activity, signs: activity.map(() => 0) };
  });
  const start = Date.parse(days[0].start);
  const hours = Math.floor((Date.now() - start) / 36e5);
  const vital = (type, unit, base, swing, noise) => ({
    type,
    unit,
    hours: [...Array(hours)].flatMap((_, hour) => {
      if (hour > 61 && hour < 66) return [];
      const mean = base + swing * Math.sin(((hour % 24) - 9) / 3.82) + noise * (random() - 0.5);
      const said = (value) => Number(value.toFixed(1));
      return [{ t: new Date(start + hour * 36e5).toISOString(), low: said(mean - noise), mean: said(mean), high: said(mean + noise * (1 + random())) }];
    }),
  });
  return {
    timezone: "Asia/Shanghai",
    worn: true,
    home: false,
    days,
    vitals: [vital("heart_rate", "1/min", 68, 8, 6), vital("skin_temperature", "°C", 33.2, 0.6, 0.4)],
    alerts: alerts.filter((one) => Date.parse(one.event_time) >= start),
  };
}

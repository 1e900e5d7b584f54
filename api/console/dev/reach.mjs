// Invented ladder, telephones, deliveries and templates for the mock: as api/routes/ladders.py, reach.py, templates.py answer.
const ago = (minutes) => new Date(Date.now() - minutes * 6e4).toISOString();
const DAY = 60 * 24;

export function makeReach(simulated = false) {
  let version = 1;
  let tests = 0;
  const asked = new Map();
  const step = (recipient, address, after_s, lang, ways = []) => ({ recipient, address, after_s, lang, ways });
  let steps = [
    step("wang.li", "dingtalk://SECa1b2c3/8f0e7d6c5b4a/13800000000", 0, "zh", [
      { address: "https://sms.example.org/send?to=13800000000", after_s: 20 },
    ]),
    step("li.mei", "barks://api.day.app/kXy72pQ", 60, "zh"),
    step("dr.zhou", "mailtos://watch:pa55@example.org?to=zhou@example.org", 120, "both", [
      { address: "wecombot://693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa", after_s: 30 },
    ]),
    { ...step("", "", 60, "zh"), on_duty: "nurse" },
  ];
  let quiet = { start: "22:00", end: "06:30" };
  let again_s = 300;
  const test = (id, recipient, minutes, state, took_ms, error, confirmed) => ({
    id, recipient, channel: "apprise", state, asked_time: ago(minutes), took_ms, error,
    confirmed_time: confirmed === undefined ? null : ago(confirmed),
  });
  const states = {
    "0.0": ["ok", 3 * DAY, test("rt_1", "wang.li", 3 * DAY, "sent", 212, "", 3 * DAY - 2)],
    "0.1": ["due", 26 * DAY, null],
    "1.0": ["overdue", 41 * DAY, test("rt_2", "li.mei", 60, "sent", 845, "")],
    "2.0": ["failed", undefined, test("rt_3", "dr.zhou", 30, "refused", 1204, "refused: SMTPRecipientsRefused")],
    "2.1": ["ok", 9 * DAY, null],
  };
  const plain = (address, ref, after_s) => ({ ref, channel: address.startsWith("http") ? "http" : "apprise", address, masked: false, after_s });
  const ladder = (place) => ({
    place,
    owner: steps.length ? "pl_top" : null,
    steps: steps.map((one, n) => ({
      ...plain(one.address, `${n}.0`, one.after_s),
      recipient: one.recipient,
      on_duty: one.on_duty ?? null,
      lang: one.lang,
      ways: one.ways.map((way, m) => plain(way.address, `${n}.${m + 1}`, way.after_s)),
    })),
    quiet,
    timezone: "Asia/Shanghai",
    patience_s: { high: 600, medium: 1800, low: 7200 },
    again_s,
    version,
  });
  const phones = () => ({
    owner: "pl_top",
    version,
    simulated,
    phones: ladder("pl_top").steps.filter((one) => !one.on_duty).flatMap((one) =>
      [one, ...one.ways].map((way) => {
        const [state, confirmed, last] = states[way.ref] ?? ["due", undefined, null];
        return {
          ref: way.ref, recipient: one.recipient, channel: way.channel, address: way.address, state,
          due_time: ago((confirmed ?? 23 * DAY) - 30 * DAY), confirmed_time: confirmed === undefined ? null : ago(confirmed), last,
        };
      }),
    ),
  });
  const line = (minutes, kind, name, recipient, state, error = "", more = {}) => ({
    alert: "a01", kind, name, recipient, channel: "apprise", state, claimed_time: ago(minutes),
    sent_time: state === "sent" ? ago(minutes) : null, attempts: 1, again: false, error, ...more,
  });
  const log = [
    line(12, "fall", "陈桂兰", "wang.li", "sent"),
    line(12, "fall", "陈桂兰", "dr.zhou", "failing", "refused: SMTPRecipientsRefused", { attempts: 6 }),
    line(95, "inactivity", "吴爱娣", "wang.li", "sent", "", { attempts: 2, again: true }),
    line(96, "inactivity", "吴爱娣", "li.mei", "failing", "answered 403", { attempts: 3 }),
    line(DAY, "sos", "孙波", "wang.li", "claimed"),
    line(2 * DAY, "wandering", "赵秀英", "li.mei", "failing", "not reached: ConnectTimeout", { attempts: 3 }),
    line(3 * DAY, "fall", "陈桂兰", "wang.li", "failing", "answered errcode 310000", { attempts: 3 }),
  ];
  const DEFAULT = { zh: "{what}:{who},{where},{time} 起。", en: "{what}: {who}, {where}, since {time}." };
  const FIELDS = [
    ["what", "发生了什么", "what happened"], ["who", "谁", "who"], ["where", "在哪里", "where"], ["time", "几点起", "since when"],
    ["waiting", "已等多久", "for how long it waits"], ["severity", "级别", "severity"], ["recipient", "发给谁", "who is told"],
  ].map(([name, zh, en]) => ({ name, zh, en }));
  const KINDS = { fall: "high", sos: "high", inactivity: "medium", wandering: "high", smoke: "high", gas: "high", water_leak: "medium", platform: "medium" };
  const own = { "fall.high.zh": "{who} 摔倒了!{where},{time} 起,已等 {waiting}。" };
  const templates = () =>
    Object.entries(KINDS).flatMap(([kind, severity]) =>
      ["zh", "en"].map((lang) => {
        const id = `${kind}.${severity}.${lang}`;
        return { id, kind, severity, lang, text: own[id] ?? DEFAULT[lang], own: id in own };
      }),
    );
  const fill = (text) => {
    const wrong = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name).find((name) => !FIELDS.some((one) => one.name === name));
    if (wrong !== undefined) return { status: 422, code: "unknown_field", beside: { field: wrong } };
    if (!text.trim()) return { status: 422, code: "empty" };
    const given = { what: "跌倒", who: "陈桂兰", where: "安康院 二楼 204", time: "21:05", waiting: "3 分钟", severity: "高", recipient: "王丽" };
    const said = text.replace(/\{(\w+)\}/g, (_, name) => given[name]);
    return { status: 200, body: { text: said, first_line: said.split("\n")[0].length, limit: 70 } };
  };

  /** Answers a call, or returns null where it is none of these: {status, body} or {status, code, beside}. */
  return function answer(method, path, body) {
    const place = /^\/places\/([\w-]+)\/(.+)$/.exec(path);
    if (place && place[2] === "ladder" && method === "GET") return { status: 200, body: ladder(place[1]) };
    if (place && place[2] === "ladder" && method === "PUT") {
      const flat = (way, n, m) => way.address ?? [steps[n], ...(steps[n]?.ways ?? [])][m]?.address;
      const bad = body.steps.flatMap((one, n) => [one, ...(one.ways ?? [])].map((way, m) => [way.address ?? "", n + 1, m + 1])).find(([address]) => /^(syslog|file|dbus)/.test(address));
      if (bad) return { status: 422, code: "scheme_not_allowed", beside: { step: bad[1], way: bad[2] } };
      steps = body.steps.map((one, n) => ({ ...one, address: flat(one, n, 0), ways: (one.ways ?? []).map((way, m) => ({ ...way, address: flat(way, n, m + 1) })) }));
      quiet = body.quiet ?? null;
      again_s = body.again_s ?? 300;
      version += 1;
      return { status: 200, body: ladder(place[1]) };
    }
    if (place && place[2] === "reach") return { status: 200, body: phones() };
    if (place && place[2] === "reach/tests") {
      const made = test(`rt_new${(tests += 1)}`, steps[Number(body.ref.split(".")[0])].recipient, 0, "waiting", null, "");
      asked.set(made.id, { made, ref: body.ref, asks: 0 });
      return { status: 201, body: made };
    }
    const one = place && /^reach\/tests\/(\w+)$/.exec(place[2]);
    if (one) {
      const known = asked.get(one[1]);
      if ((known.asks += 1) > 1) Object.assign(known.made, { state: "sent", took_ms: 318 });
      states[known.ref] = [states[known.ref]?.[0] ?? "due", states[known.ref]?.[1], known.made];
      return { status: 200, body: known.made };
    }
    if (place && place[2] === "deliveries") return { status: 200, body: { deliveries: log, more: false } };
    if (path === "/message-templates") return { status: 200, body: { fields: FIELDS, templates: templates() } };
    const template = /^\/message-templates\/([\w.]+)(\/preview)?$/.exec(path);
    if (!template) return null;
    if (method === "DELETE") delete own[template[1]];
    else {
      const filled = fill(body.text);
      if (template[2] || filled.status !== 200) return filled;
      own[template[1]] = body.text;
    }
    return { status: 200, body: templates().find((each) => each.id === template[1]) };
  };
}

// The invented world of the mock: residents, their days, their alerts. Seeded, so that two runs look the same.
import { dayOf, rhythmAlert } from "./homes.mjs";
import { previewOf, setZone, wayOf, whereaboutsOf, zoneOf } from "./ground.mjs";
import { acceleration, activity } from "./motion.mjs";
import { makeSettings } from "./settings.mjs";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const iso = (ms) => new Date(ms).toISOString();

const PEOPLE = [
  ["陈桂兰", 1942, "204", "阿尔茨海默病（中期），骨质疏松", "walker", "扶起前先检查左髋；两人搀扶，不可独自抬起。"],
  ["吴爱娣", 1938, "206", "血管性痴呆", "independent", "傍晚常往侧门走，轻声唤名即可带回。"],
  ["孙博", 1950, "201", "脑卒中后右侧偏瘫", "wheelchair", "右手无力，手表戴左腕。"],
  ["王秀英", 1945, "202", "帕金森病", "cane", "服药后一小时内步态最稳。"],
  ["李建国", 1940, "203", "心房颤动", "independent", null],
  ["赵玉珍", 1936, "205", "阿尔茨海默病（早期）", "walker", "夜间起身请陪同如厕。"],
  ["周德明", 1948, "301", "低视力", "cane", "进门请先出声。"],
  ["黄淑芬", 1944, "302", null, "independent", null],
  ["徐国强", 1951, "303", "脊髓损伤", "wheelchair", "每两小时协助翻身。"],
  ["马金凤", 1939, "304", "路易体痴呆", "walker", "忌用氟哌啶醇。"],
  ["朱文斌", 1947, "305", "糖尿病", "independent", null],
  ["胡月娥", 1943, "306", "骨质疏松", "cane", null],
];

const FALL_REASONS = [
  { code: "impact", values: { g: 3.14 } },
  { code: "free_fall", values: { s: 0.41 } },
  { code: "posture_change", values: { deg: 78 } },
  { code: "still", values: { s: 20 } },
];

const phase = (at, name, from, to) => ({ name, start: iso(at + from * 1000), end: iso(at + to * 1000) });
const fallPhases = (at) => [
  phase(at, "free_fall", -0.41, 0),
  phase(at, "impact", 0, 0.6),
  phase(at, "lying", 1.2, 21.2),
  phase(at, "still", 1.6, 21.2),
];

export function makeWorld({ quiet, tiles = null }) {
  const world = { seq: 0, onStep: () => undefined };
  const alerts = new Map();
  const steps = new Map();
  const began = Date.now();
  world.residents = PEOPLE.map(([name, birth_year, room, conditions, mobility, note], i) => ({
    id: `r${String(i + 1).padStart(2, "0")}`,
    name,
    birth_year,
    unit: `unit-${room}`,
    unit_name: `${room[0] === "2" ? "二楼" : "三楼"} ${room}`,
    room,
    conditions: conditions ? conditions.split("，") : [],
    mobility,
    note,
    test: i === 11,
    timezone: "Asia/Shanghai",
  }));
  const person = (id) => world.residents.find((one) => one.id === id);
  world.person = person;
  world.settings = makeSettings(world.residents);

  function raise(residentId, kind, severity, ago, more = {}) {
    const at = Date.now() - ago;
    const who = person(residentId);
    const id = `a${String(alerts.size + 1).padStart(3, "0")}`;
    const isFall = kind === "fall";
    const alert = {
      id,
      kind,
      severity,
      state: "raised",
      stage: "confirmed",
      unit: who.unit,
      unit_name: who.unit_name,
      resident: { id: who.id, name: who.name, test: who.test },
      place: null,
      place_name: null,
      device: `band-${who.id}`,
      event_time: iso(at - 22_000),
      raised_time: iso(at),
      decided_time: iso(at - 500),
      heard_time: iso(at - 100),
      score: isFall ? 0.94 : 0.71,
      late: false,
      occurrences: 1,
      last_event_time: iso(at - 22_000),
      claimed_by: null,
      claimed_time: null,
      resolved_by: null,
      resolved_time: null,
      outcome: null,
      note: null,
      closed_time: null,
      version: 1,
      sources: [],
      evidence: {
        phases: isFall ? fallPhases(at - 22_000) : [],
        reasons: isFall ? FALL_REASONS : [{ code: "inactive", values: { s: 5400 } }],
        features: isFall ? { impact_g: 3.14 } : {},
      },
      ...more,
    };
    alerts.set(id, alert);
    steps.set(id, []);
    const [first, ...later] = more.told ?? [["confirmed", isFall ? -19_300 : 0]];
    delete alert.told;
    step(alert, "raised", "platform", { stage: first[0] }, at + first[1]);
    for (const [stage, when] of later) step(alert, "staged", "platform", { stage }, at + when);
    return alert;
  }

  function step(alert, kind, actor, data, at = Date.now()) {
    const one = { seq: ++world.seq, kind, at: iso(at), actor, data };
    steps.get(alert.id).push(one);
    world.onStep({ seq: one.seq, alert, step: one });
  }

  /** What a person does; returns the alert, or {refused, alert}. */
  world.act = (id, verb, body, actor, at = Date.now()) => {
    const alert = alerts.get(id);
    if (!alert) return { refused: "There is no such alert.", alert: null };
    const rule = RULES[verb];
    if (!rule.from.includes(alert.state)) return { refused: `This alert is ${alert.state} already.`, alert };
    Object.assign(alert, rule.change(body, actor, iso(at)), { version: alert.version + 1 });
    const until = body.until ?? (["claimed", "extended"].includes(rule.step) ? alert.due_time : undefined);
    step(alert, rule.step, actor, { ...body, until_time: until }, at);
    return alert;
  };

  /** It was something else; nobody is rung. */
  world.correct = (id, { outcome }) => Object.assign(alerts.get(id), { outcome, version: alerts.get(id).version + 1 });

  const pauses = new Map();
  /** Somebody is with a resident for a quarter of an hour, or (no name) not any more. */
  world.pause = (resident, by, minutes = 15) => {
    const at = Date.now();
    pauses.delete(resident);
    if (by) pauses.set(resident, { resident, by, since: iso(at), until: iso(at + minutes * MINUTE) });
    return pauses.get(resident) ?? null;
  };
  world.fall = (id) => {
    const one = person(id) ?? world.residents[(world.seq * 7) % world.residents.length];
    return raise(one.id, "fall", "high", 0);
  };
  world.withSteps = (id) => alerts.has(id) && { ...alerts.get(id), steps: steps.get(id) };
  world.listed = (status, since) => {
    const wanted = { open: OPEN, all: [...OPEN, "resolved", "closed"] }[status] ?? [
      status,
    ];
    return [...alerts.values()].filter((one) => wanted.includes(one.state) && (!since || one.raised_time >= since));
  };

  world.resident = (id) => {
    const one = person(id);
    if (!one) return null;
    const i = world.residents.indexOf(one);
    const seen = i === 2 ? began - 48 * MINUTE : Date.now() - 1200;
    const now = (type, value, unit, ago) => ({
      type,
      value,
      unit,
      time: iso(seen - ago),
      age_s: ago / 1000,
      device: `band-${id}`,
    });
    return {
      ...one,
      devices: [
        {
          id: `band-${id}`,
          kind: "wearable",
          label: null,
          position: "wrist",
          battery: i === 1 ? 14 : 62 + i,
          worn: i !== 2,
          last_seen: iso(seen),
          binding: {
            device: `band-${id}`,
            unit: one.unit,
            resident: id,
            place: null,
            position: "wrist",
            start: iso(began - 9 * 24 * HOUR),
            end: null,
          },
        },
      ],
      open_alerts: world.listed("open").filter((alert) => alert.resident.id === id),
      watch: {
        inactivity: [
          { state: "learning", since: iso(began - 2.4 * 24 * HOUR), days: 2, of_days: 7 },
          { state: "rebuilding", since: iso(began - HOUR), days: 0, of_days: 7 },
          { state: "learnt", since: iso(began - 60 * 24 * HOUR), days: 60, of_days: 7 },
        ][i % 3],
        everyday: [
          { watch: "not_up", state: "on", usual: 432, limit: 615 },
          { watch: "long_in_bathroom", state: "on", usual: 12, limit: 52 },
          { watch: "not_back_in_bed", state: "off", usual: null, limit: null },
          { watch: "no_meal", state: i === 1 ? "learning" : "on", usual: i === 1 ? null : 160, limit: i === 1 ? null : 262 },
          { watch: "restless_night", state: "on", usual: 9, limit: 34 },
        ].map((each) =>
          one.watches_off.includes(each.watch) ? { watch: each.watch, state: "left_off", usual: null, limit: null } : each,
        ),
      },
      now: [
        now("worn", i !== 2, "", 0),
        now("battery", i === 1 ? 14 : 62 + i, "%", 30_000),
        now("heart_rate", 68 + i, "1/min", 4_000),
        now("skin_temperature", 33.4, "°C", 40_000),
        now("steps", 2140 + 77 * i, "", 15_000),
        now("online", true, "", 200_000),
      ],
    };
  };

  world.day = (id) => {
    const end = Math.floor(Date.now() / MINUTE) * MINUTE;
    const start = end - 24 * HOUR;
    const seed = Number(id.slice(1));
    const minutes = Array.from({ length: 1440 }, (_, i) => ({
      t: iso(start + i * MINUTE),
      ...activity(seed, start + i * MINUTE, i),
    }));
    const mine = [...alerts.values()].filter((one) => one.resident.id === id && Date.parse(one.event_time) > start);
    return { start: iso(start), end: iso(end), minutes, alerts: mine };
  };

  // A restless week, an ordinary one, one of a home that is young, and a resident with a watch alone.
  world.routine = (id, week) => {
    const DAY = 24 * HOUR;
    const dated = (ms) => new Date(ms).toISOString().slice(0, 10);
    const asked = week ? Date.parse(week) : Date.now() - 7 * DAY;
    const first = asked - ((Math.floor(asked / DAY) + 3) % 7) * DAY - (asked % DAY);
    const kind = ["changed", "usual", "unknown", "unwatched"][Number(id.slice(1)) % 4];
    const both = (code, zh, en) => ({ code, zh, en });
    const sentences = {
      changed: [
        both("week.night_ups", "夜里每晚起来 5 次，平时 2 次。", "Up at night 5 times a night, usually 2."),
        both("week.out", "7 天里有 2 天出门，平时 5 天。", "Went out on 2 of 7 days, usually 5."),
        both("lively.morning", "周二上午活动比平时多得多。", "Tuesday: much more moving about than usual in the morning."),
        both("silent.bathroom", "卫生间的传感器整周没有动静，请检查是否还在工作。", "The bathroom’s sensor said nothing all week. Is it alive?"),
      ],
      usual: [both("nothing", "没有异常。", "Nothing unusual.")],
      unknown: [
        both(
          "unknown.weeks",
          "还不知道这里平时怎样：此前已知 1 周，需要 2 周。",
          "Not known yet what is usual here. Earlier weeks known: 1; needed: 2.",
        ),
      ],
      unwatched: [
        both(
          "unwatched",
          "这几周没有收到家中传感器的数据，无法说明。",
          "No sensors of the home itself were heard in these weeks, so nothing can be said.",
        ),
      ],
    }[kind];
    const seed = Number(id.slice(1)) + Math.floor(first / DAY);
    const wave = (index, at) => Math.sin(seed + 7.3 * index + 2.1 * at);
    const measure = ([code, zh, en, usual, far, now], index) => {
      const weeks = Array.from({ length: 13 }, (_, at) => {
        if (kind === "unknown" && at < 11) return null;
        return at === 12 && kind === "changed" && now !== null ? now : usual + 0.6 * far * wave(index, at);
      });
      const words = (value) => (code === "up_minute" ? `${Math.floor(value / 60)}:${String(Math.round(value % 60)).padStart(2, "0")}` : String(Math.round(value)));
      const known = kind !== "unknown";
      return {
        code,
        name: { zh, en },
        weeks,
        usual: known ? usual : null,
        low: known ? Math.max(0, usual - far) : null,
        high: known ? usual + far : null,
        told: kind === "changed" && now !== null,
        now_said: words(weeks[12]),
        usual_said: known ? words(usual) : null,
      };
    };
    const measures = [
      ["night_ups", "夜里起来", "Up at night", 2, 1, 5],
      ["night_minutes", "夜间活动分钟", "Minutes about at night", 18, 15, null],
      ["toilet_night", "夜里上厕所", "Toilet at night", 2, 1, null],
      ["toilet_day", "白天上厕所", "Toilet by day", 9, 2.4, null],
      ["up_minute", "起床时间", "Up in the morning", 412, 50, null],
      ["kitchen", "进厨房", "Kitchen", 8, 2, null],
      ["out", "出门天数", "Days out", 5, 2, 2],
      ["changes", "房间走动", "Room to room", 214, 60, null],
      ["step_s", "每段路秒数", "Seconds from room to room", 9, 2, null],
    ].map(measure);
    const days = Array.from({ length: 7 }, (_, at) => ({
      date: dated(first + at * DAY),
      deviation: kind === "unknown" ? null : kind === "changed" && at === 1 ? 2.7 : 1.1 * wave(99, at),
    }));
    return {
      first: dated(first),
      last: dated(first + 6 * DAY),
      state: kind,
      people: 1,
      known_days: kind === "unknown" ? 3 : 7,
      sentences,
      days: kind === "unwatched" ? [] : days,
      measures: kind === "unwatched" ? [] : measures,
    };
  };

  world.way = (id) => alerts.get(id)?.kind === "wandering" && wayOf(alerts.get(id), tiles);
  world.whereabouts = (id) => person(id) && whereaboutsOf(id, tiles);
  world.zone = (id) => person(id) && zoneOf(id, tiles);
  world.setZone = (id, corners) => setZone(id, corners, tiles);
  world.previewZone = previewOf;
  world.alertDay = (id) => alerts.has(id) && dayOf(alerts.get(id), Date.now());
  // Asked, being read, with too little stored, decided, taken back, not suggested; the others have none.
  const proposals = new Map(
    ["open", "reading", "short", "accepted", "undone", "withheld"].map((state, i) => {
      const id = `r${String(i + 4).padStart(2, "0")}`;
      return [id, proposed(`p${id.slice(1)}`, id, state)];
    }),
  );
  function proposed(id, resident, state) {
    const DAY = 24 * HOUR;
    const step = (act, who, ago) => ({ act, time: iso(began - ago), actor: who.name, name: who.display_name ?? who.name });
    const platform = { name: "platform" };
    const li = { name: "li.mei", display_name: "李梅" };
    const alarm = (n, days, code, outcome, would, later_s = 0) => ({
      alert: `a00${n}`,
      kind: "inactivity",
      code,
      event_time: iso(began - days * DAY - 5 * HOUR),
      raised_time: iso(began - days * DAY),
      outcome,
      would,
      later_s,
    });
    const real = { open: ["later", 1500], withheld: ["later", 9900] }[state];
    const alarms = [
      alarm(1, 26.2, "silent", "false_alarm", "stay_away"),
      alarm(2, 18.4, "silent", real ? "real_unhurt" : "false_alarm", ...(real ?? ["stay_away"])),
      alarm(3, 12.6, "long_in_bathroom", "false_alarm", "later", 2820),
      alarm(4, 6.3, "silent", "false_alarm", "stay_away"),
      alarm(5, 1.8, "not_up", "false_alarm", "same"),
    ];
    const enough = state !== "short";
    const last = {
      accepted: [step("accepted", li, 26 * HOUR)],
      undone: [step("accepted", li, 50 * HOUR), step("undone", li, 3 * HOUR)],
    };
    return {
      id,
      resident,
      kind: "inactivity",
      before: "normal",
      after: "calmer",
      state: state === "short" ? "open" : state,
      standing: { open: "asks", short: "asks", accepted: "decided" }[state] ?? "over",
      false_alarms: real ? 4 : 5,
      judged: 5,
      progress: state === "reading" ? 0.4 : 1,
      against: state === "withheld" ? "real_late" : null,
      asked_again: state === "undone" ? iso(began + 30 * DAY) : null,
      preview:
        state === "reading"
          ? null
          : {
              start: iso(began - 30 * DAY),
              end: iso(began),
              days: enough ? 30 : 6,
              enough,
              too_much: false,
              alarms: enough ? alarms : alarms.map((one) => ({ ...one, would: "unknown", later_s: 0 })),
            },
      steps: [
        step("made", platform, 53 * HOUR),
        ...(state === "reading" ? [] : [step("played", platform, 52 * HOUR)]),
        ...(last[state] ?? []),
      ],
    };
  }
  world.proposal = (id) => {
    const found = proposals.get(id) ?? null;
    if (found?.state === "reading") found.progress = Math.min(0.95, found.progress + 0.03);
    return found;
  };
  world.asked = () => [...proposals.values()].filter((one) => one.standing === "asks");
  world.decide = (id, verb, who) => {
    const proposal = [...proposals.values()].find((one) => one.id === id);
    const needs = verb === "undo" ? "decided" : "asks";
    if (!proposal || proposal.standing !== needs) return { refused: `already_${proposal?.state}`, proposal };
    const [state, standing, act] = {
      accept: ["accepted", "decided", "accepted"],
      decline: ["declined", "decided", "declined"],
      undo: proposal.state === "declined" ? ["open", "asks", "reopened"] : ["undone", "over", "undone"],
    }[verb];
    const said_no = state === "declined" || state === "undone";
    Object.assign(proposal, {
      state,
      standing,
      asked_again: said_no ? iso(Date.now() + 30 * 24 * HOUR) : null,
      steps: [...proposal.steps, { act, time: iso(Date.now()), actor: who.name, name: who.display_name }],
    });
    return { proposal };
  };

  let missed = [];
  world.missed = (id) => missed.filter((one) => one.resident === id);
  world.report = (id, { time, note }, who) => {
    const said = { id: `m${Date.now()}-${missed.length}`, resident: id, time, note, reported_by: who, reported_time: iso(Date.now()) };
    missed = [said, ...missed];
    return said;
  };
  world.takeBack = (id) => {
    missed = missed.filter((one) => one.id !== id);
  };
  world.report("r09", { time: iso(began - 9 * HOUR), note: "清晨发现坐在床边地上，没有响。" }, "li.mei");

  world.trace = (id) => {
    const alert = alerts.get(id);
    if (!alert) return null;
    const impact = Date.parse(alert.event_time);
    const until = Math.min(impact + 60_000, Date.now());
    const whole = acceleration(Number(id.slice(1)), until - impact, alert.kind === "fall");
    const part = (from, to) => ({
      start: iso(impact + from * 1000),
      rate_hz: 50,
      device: alert.device,
      ...Object.fromEntries(Object.entries(whole).map(([k, v]) => [k, v.slice((from + 60) * 50, (to + 60) * 50)])),
    });
    const [gone, back] = alert.gap ?? [60, 60];
    const segments = alert.device.startsWith("radar") ? [] : [part(-60, gone), part(back, 60)];
    return {
      rate_hz: 50,
      segments: segments.filter((segment) => segment.values.length),
      start: iso(impact - 60_000),
      end: iso(impact + 60_000),
      impact: iso(impact),
      phases: alert.evidence.phases,
      complete: until >= impact + 60_000,
    };
  };

  world.quiet = (id) => {
    const found = (n, stage, ago, reasons) => ({
      id: `q${n}-${id}`,
      kind: "fall",
      stage,
      device: `band-${id}`,
      event_time: iso(Date.now() - ago),
      decided_time: iso(Date.now() - ago + 2500),
      score: 0.31,
      model: "fall-3",
      evidence: { phases: [], reasons, features: {} },
    });
    const impact = (g) => ({ code: "impact", values: { g } });
    if (id !== "r01") return { findings: [] };
    return {
      findings: [
        found(1, "dismissed", 5 * HOUR, [impact(2.4), { code: "moving", values: { g: 0.12 } }]),
        found(2, "possible", 31 * HOUR, [{ code: "soft_descent", values: { deg: 64, s: 2.1 } }]),
      ],
    };
  };

  world.recent = (id, start, end) => {
    const span = Date.parse(end) - Date.parse(start);
    if (id === "r03") return { rate_hz: 0, segments: [] };
    const walked = acceleration(Number(id.slice(1)), 0, true);
    const from = Math.floor(Date.parse(start) / 1000) % 25;
    const cut = (list) => list.slice(from * 50, from * 50 + Math.floor(span / 20));
    const segment = {
      start,
      rate_hz: 50,
      device: `band-${id}`,
      values: cut(walked.values),
      x: cut(walked.x),
      y: cut(walked.y),
      z: cut(walked.z),
    };
    return { rate_hz: 50, segments: [segment] };
  };

  world.quarantine = () => {
    const entry = (n, topic, reason, sentence, size, head_hex) => ({
      id: n,
      at: iso(Date.now() - n * 97_000),
      topic,
      reason,
      sentence,
      size,
      head_hex,
      kept: false,
    });
    return {
      total: 214,
      by_reason: [
        ["bad-crc", 121],
        ["foreign-topic", 58],
        ["too-short", 21],
        ["not-json", 9],
        ["bad-clock", 5],
      ].map(([reason, count]) => ({ reason, count })),
      entries: [
        entry(
          1,
          "sw/v1/band-r07/imu",
          "bad-crc",
          "The frame's CRC-32 does not match its bytes.",
          656,
          "43494d3134000300070000001a2b0000d0070000",
        ),
        entry(
          2,
          "zigbee2mqtt/客厅 门",
          "foreign-topic",
          "No decoder knows this topic.",
          88,
          "7b22636f6e74616374223a66616c73652c226c69",
        ),
        entry(
          3,
          "sw/v1/band-r03/imu",
          "too-short",
          "A frame has at least 56 bytes, this has 12.",
          12,
          "43494d313400030007000000",
        ),
        entry(
          4,
          "sw/v1/band-r11/state",
          "not-json",
          "Not JSON: JSON is malformed: invalid character (byte 0).",
          6,
          "68656c6c6f21",
        ),
        entry(
          5,
          "sw/v1/band-r02/imu",
          "bad-clock",
          "The device says it has been up for 9e15 microseconds, over a hundred years.",
          656,
          "43494d3134000300070000001a2b0000d0070000",
        ),
      ],
    };
  };

  world.overview = () => {
    const resolved = [...alerts.values()]
      .map((one) => one.resolved_time)
      .filter(Boolean)
      .sort();
    return {
      watched: 11,
      residents: 12,
      open: world.listed("open").length,
      last_resolved: resolved.at(-1) ?? null,
      stages: ["gateway", "recorder", "watcher", "desk", "api"].map((name) => ({ name, ok: true, lag: 0, note: "" })),
      pauses: [...pauses.values()],
      platform_time: iso(Date.now()),
      simulated: false,
    };
  };

  function strayed(code, from, to, values) {
    const [start, end] = [iso(Date.now() - from * MINUTE), iso(Date.now() - to * MINUTE)];
    return { event_time: start, evidence: { phases: [{ name: "wandering", start, end }], reasons: [{ code, values }], features: {} } };
  }
  world.past = past;
  function past(residentId, kind, severity, ago, outcome, note, answeredMs = 41_000) {
    const alert = raise(residentId, kind, severity, ago);
    world.act(alert.id, "claim", {}, "li.mei", Date.now() - ago + answeredMs);
    world.act(alert.id, "resolve", { outcome, note }, "li.mei", Date.now() - ago + 7 * MINUTE);
  }
  past("r01", "fall", "high", 9 * HOUR, "real_unhurt", "坐在床边滑下，无伤，已扶回。");
  past("r05", "fall", "high", 5 * HOUR, "false_alarm", "手表碰到桌沿。");
  past("r02", "wandering", "medium", 3 * HOUR, "real_unhurt", "在侧门找到。");
  past("r04", "inactivity", "low", 97 * MINUTE, "false_alarm", "午睡。");
  if (!quiet) {
    raise("r03", "inactivity", "low", 64 * MINUTE);
    for (const [resident, code, ago, more] of [
      ["r06", "not_up", 170 * MINUTE],
      ["r10", "silent", 25 * MINUTE],
      ["r11", "silent", 3 * HOUR, { young: true }],
      ["r12", "away", 95 * MINUTE],
      ["r08", "no_meal", 35 * MINUTE],
      ["r03", "stirs_while_away", 50 * MINUTE],
      ["r09", "long_in_bathroom", 6 * MINUTE],
      ["r05", "not_back_in_bed", 9 * HOUR, { over: 20 * MINUTE }],
      ["r04", "restless_night", 5 * HOUR],
      ["r07", "silent", 7 * HOUR, { old: true, over: 3 * HOUR }],
    ]) {
      const { kind, severity, fields } = rhythmAlert(code, Date.now() - ago, more ?? {});
      raise(resident, kind, severity, ago, fields);
    }
    // A motion sensor of r10 has gone quiet; one of r11 had, and was heard again.
    for (const [resident, ago, heard] of [["r10", 40 * MINUTE, []], ["r11", 26 * HOUR, [{ code: "sensor_heard", values: { h: 31.4 } }]]]) {
      const since = Date.now() - ago - 19.3 * HOUR;
      raise(resident, "routine", "low", ago, {
        stage: heard.length ? "recovered" : "confirmed",
        device: `pir-kitchen-${resident}`,
        event_time: iso(since),
        place_name: "厨房",
        evidence: {
          phases: [{ name: "unusual", start: iso(since), end: iso(Date.now() - ago) }],
          reasons: [{ code: "sensor_quiet", values: { h: 19.3, others_h: 5.5 } }, ...heard],
          features: {},
        },
        score: 0.8,
        told: heard.length ? [["confirmed", 0], ["recovered", 12.1 * HOUR]] : [["confirmed", 0]],
      });
    }
    // r04 is away by the calendar, and something moves there.
    raise("r04", "inactivity", "low", 4 * MINUTE, {
      device: "pir-home",
      event_time: iso(Date.now() - 4 * MINUTE),
      evidence: { phases: [], reasons: [{ code: "stirs_while_away", values: {} }], features: {} },
      score: 0.5,
    });
    const wandering = raise("r02", "wandering", "medium", 9 * MINUTE, {
      occurrences: 2,
      last_event_time: iso(Date.now() - 4 * MINUTE),
      device: "phone-r02",
      ...strayed("lapping", 24, 4, { m: 1400, extent_m: 160, times: 3.1, min: 20 }),
    });
    raise("r10", "wandering", "medium", 5 * MINUTE, { device: "pir-home", ...strayed("room_pacing", 16, 1, { changes: 14, rooms: 3, min: 15 }) });
    raise("r11", "wandering", "high", 11 * MINUTE, { device: "door-front", ...strayed("left_at_night", 16, 11, { hour: 2.1, min: 5 }) });
    world.act(wandering.id, "claim", {}, "li.mei", Date.now() - 190_000);
    raise("r06", "sos", "high", 5 * MINUTE, {
      evidence: { phases: [], reasons: [{ code: "sos_pressed", values: {} }], features: {} },
      score: 1,
    });
    // Nearly over: its owner is asked.
    world.act([...alerts.values()].at(-1).id, "claim", {}, "zhang.wei", Date.now() - 8.4 * MINUTE);
    world.pause("r03", "li.mei", 11);
    raise("r03", "wandering", "high", 20_000, {
      evidence: { phases: [], reasons: [{ code: "left_home", values: {} }], features: {} },
      silent_until_time: iso(Date.now() + 11 * MINUTE),
    });
    const held = raise("r10", "inactivity", "medium", 70 * MINUTE);
    const back = { until: iso(Date.now() + 25 * MINUTE) };
    world.act(held.id, "hold", back, "li.mei", Date.now() - 35 * MINUTE);
    const lapsed = raise("r05", "smoke", "high", 14 * MINUTE, {
      evidence: { phases: [], reasons: [{ code: "smoke", values: {} }], features: {} },
    });
    world.act(lapsed.id, "claim", {}, "li.mei", Date.now() - 13 * MINUTE);
    Object.assign(lapsed, { state: "raised", claimed_by: null, claimed_time: null, due_time: null });
    const why = { owner: "li.mei", why: "deadline", due_time: iso(Date.now() - 3 * MINUTE) };
    step(lapsed, "lapsed", "platform", why, Date.now() - 3 * MINUTE);
    // A radar's own alarm, of which there is no trace, and a watch that was out of reach for some seconds.
    raise("r07", "fall", "medium", 3 * MINUTE, {
      device: "radar-bath-301",
      score: 0.75,
      evidence: { phases: [], reasons: [{ code: "device_suspects_fall", values: {} }], features: {} },
    });
    raise("r08", "fall", "high", 2 * MINUTE, {
      stage: "possible",
      score: 0.62,
      gap: [0.9, 7],
      told: [["possible", -20_500]],
      evidence: {
        phases: fallPhases(Date.now() - 2 * MINUTE - 22_000).slice(0, 2),
        reasons: [...FALL_REASONS.slice(0, 2), { code: "no_data_after", values: { s: 0.9 } }],
        features: {},
      },
    });
    raise("r04", "fall", "low", 21 * MINUTE, {
      stage: "recovered",
      score: 0.83,
      place_name: "三楼东侧公共活动室与花园之间的走廊",
      told: [
        ["possible", -20_800],
        ["confirmed", -19_300],
        ["recovered", 23_000],
      ],
      sources: ["fall", "sos"].map((kind, i) => ({
        kind,
        stage: "confirmed",
        device: i ? "button-r04" : "band-r04",
        model: i ? "device" : "fall-3",
        event_time: iso(Date.now() - 21 * MINUTE - 22_000 + i * 14_000),
        score: i ? 1 : 0.83,
        code: i ? "sos_pressed" : "impact",
      })),
    });
    raise("r01", "fall", "high", 47_000, {
      told: [
        ["possible", -20_800],
        ["confirmed", -19_300],
      ],
    });
  }
  return world;
}

const OPEN = ["raised", "claimed", "held"];
/** A claim's deadline: ten minutes on. */
const later = (at) => iso(Date.parse(at) + 10 * MINUTE);
const RULES = {
  extend: { from: ["claimed"], step: "extended", change: (_b, _w, at) => ({ due_time: later(at) }) },
  hold: {
    from: OPEN,
    step: "held",
    change: (body, who, at) => ({ state: "held", claimed_by: who, claimed_time: at, due_time: body.until }),
  },
  claim: {
    from: ["raised", "held"],
    step: "claimed",
    change: (_b, who, at) => ({ state: "claimed", claimed_by: who, claimed_time: at, due_time: later(at) }),
  },
  release: {
    from: ["claimed", "held"],
    step: "released",
    change: () => ({ state: "raised", claimed_by: null, claimed_time: null }),
  },
  resolve: {
    from: OPEN,
    step: "resolved",
    change: (body, who, at) => ({
      state: "resolved",
      resolved_by: who,
      resolved_time: at,
      outcome: body.outcome,
      note: body.note ?? null,
    }),
  },
  reopen: {
    from: ["resolved"],
    step: "reopened",
    change: () => ({
      state: "raised",
      claimed_by: null,
      claimed_time: null,
      resolved_by: null,
      resolved_time: null,
      outcome: null,
    }),
  },
  close: { from: ["resolved"], step: "closed", change: (_b, _w, at) => ({ state: "closed", closed_time: at }) },
  note: { from: ["raised", "claimed", "resolved"], step: "noted", change: (body) => ({ note: body.note }) },
};

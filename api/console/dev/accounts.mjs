// Invented accounts, sessions and a log for the mock: as api/routes/accounts.py and audit.py answer.
const ago = (minutes) => new Date(Date.now() - minutes * 6e4).toISOString();

export function makeAccounts(world, me) {
  const places = [
    ["pl_top", "静安护理院", []],
    ["pl_east", "东区", ["静安护理院"]],
    ["pl_e2", "东区二楼", ["静安护理院", "东区"]],
    ["pl_west", "西区", ["静安护理院"]],
  ].map(([id, name, above]) => ({ id, name, kind: "ward", parent: null, path: [...above, name] }));
  const named = (grant) => ({
    role: grant.role,
    place: grant.place ?? null,
    resident: grant.resident ?? null,
    place_name: places.find((one) => one.id === grant.place)?.name ?? null,
    resident_name: grant.resident ? (world.person(grant.resident)?.name ?? null) : null,
  });
  const account = (name, display_name, grants, more = {}) => ({
    name,
    display_name,
    grants: grants.map(named),
    must_change: false,
    disabled_time: null,
    created_time: ago(60 * 24 * 90),
    sessions: 0,
    yours: true,
    ...more,
  });
  const accounts = [
    account(me.name, me.display_name, me.grants, { sessions: 1 }),
    account("li.mei", "李梅", [{ role: "nurse_in_charge", place: "pl_east" }, { role: "carer", place: "pl_west" }], { sessions: 2 }),
    account("chen.jun", "陈军", [{ role: "technician" }]),
    account("wang.fang", "王芳", [{ role: "carer", place: "pl_e2" }], { must_change: true }),
    account("zhao.min", "赵敏（县民政局）", [{ role: "manager", place: "pl_top" }], { yours: false, sessions: 1 }),
    account("sun.li", "孙丽", [{ role: "family", resident: world.residents[0].id }]),
    account("old.account", "周强", [{ role: "carer", place: "pl_west" }], { disabled_time: ago(60 * 24 * 9) }),
  ];
  const line = (id, minutes, name, act, look, resident, more = {}) => ({
    id,
    time: ago(minutes),
    account: name,
    name: accounts.find((one) => one.name === name)?.display_name ?? name,
    session: "5f2c9a1b77e04d3c",
    act,
    look,
    resident,
    resident_name: resident ? (world.person(resident)?.name ?? null) : null,
    object: null,
    data: {},
    refused: false,
    ...more,
  });
  const [one, two] = world.residents.map((each) => each.id);
  const entries = [
    line(9, 1, "li.mei", "resident", true, one),
    line(8, 2, me.name, "claim_alert", false, one, { refused: true }),
    line(7, 2, "li.mei", "claim_alert", false, one),
    line(6, 3, "li.mei", "alert", true, one),
    line(5, 40, "li.mei", "resolve_alert", false, two, { data: { outcome: "false_alarm" } }),
    line(4, 55, me.name, "set_account_grants", false, null, { object: "wang.fang" }),
    line(3, 70, "zhao.min", "whereabouts", true, two),
    line(2, 80, "sun.li", "resident", true, one),
    line(1, 600, me.name, "sign_in", false, null),
  ];
  const sessions = [
    { id: "0000000000000001", created_time: ago(30), expires: ago(-690), address: "10.0.3.17", agent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/140 Safari/537", this: true },
    { id: "0000000000000002", created_time: ago(400), expires: ago(-320), address: "10.0.3.54", agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18) Safari/604", this: false },
  ];
  const drawn = (found) => ({ account: found, password: "m4kd-72xh-pq9w" });
  const refuse = (code, status = 409) => ({ refused: code, status });

  function act(method, path, body) {
    if (method === "POST" && path === "/accounts") {
      if (accounts.some((each) => each.name === body.name)) return refuse("name_taken");
      const made = account(body.name, body.display_name, body.grants, { must_change: true, created_time: ago(0) });
      accounts.push(made);
      return drawn(made);
    }
    const match = /^\/accounts\/([\w.-]+)\/(grants|password|disable|enable|sessions)$/.exec(path);
    const found = match && accounts.find((each) => each.name === match[1]);
    if (!found) return null;
    const verb = match[2];
    if (verb === "grants") {
      if (found.name === me.name && !body.grants.some((each) => each.role === "administrator")) return refuse("last_administrator");
      found.grants = body.grants.map(named);
    }
    if (verb === "password") {
      Object.assign(found, { must_change: true, sessions: 0 });
      return drawn(found);
    }
    if (verb === "disable") Object.assign(found, { disabled_time: ago(0), sessions: 0 });
    if (verb === "enable") found.disabled_time = null;
    if (verb === "sessions") found.sessions = 0;
    return found;
  }

  return {
    act,
    accounts: () => ({ accounts }),
    places: () => ({ places }),
    sessions: () => ({ sessions }),
    end: (id) => sessions.splice(sessions.findIndex((each) => each.id === id), 1),
    audit: (query) => ({ entries: entries.filter((each) => (!query.get("account") || each.account === query.get("account")) && (!query.get("before") || each.id < Number(query.get("before")))) }),
    looks: (id) => ({ entries: entries.filter((each) => each.look && each.resident === id) }),
  };
}

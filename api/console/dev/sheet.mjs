// Invented care sheets and notes for the mock.
const NOTE_MS = 36e5;

export function makeSheets(me) {
  const sheets = new Map();
  const places = new Map();
  let number = 10;
  const at = (back) => new Date(Date.now() - back).toISOString();
  const note = (text, by, back, hours = 24) => ({
    id: `no_${number++}`, text, written_by: by, written_time: at(back), until: at(back - hours * NOTE_MS),
  });
  const of = (map, key, first) => {
    if (!map.has(key)) map.set(key, { version: 0, scripts: {}, set_by: "", set_time: null, ...first });
    return map.get(key);
  };
  const resident = (id) => of(sheets, id, { contacts: [], notes: [] });
  const house = (id) => of(places, id, {});
  Object.assign(house("pl_top"), {
    version: 1, set_by: "li.mei", set_time: at(90 * 864e5),
    scripts: { fall: "先看，不要扶。\n碰头、疼痛：不动，打 120。\n两人用移位机扶起。\n写下来，告诉护士长。" },
  });
  for (const [id, scripts] of [
    ["r01", { any: "说话慢一点，左耳听不清。", fall: "查左髋（2024 年手术）。\n不要一个人扶，用移位机。" }],
    ["r02", { wandering: "多半去老码头。\n让她的女儿打电话，她听女儿的。" }],
  ]) {
    Object.assign(resident(id), {
      version: 1, set_by: "li.mei", set_time: at(12 * 864e5), scripts,
      contacts: [
        { name: "陈志强", phone: "138 0580 1234", relation: "儿子", note: "夜里也可以打" },
        { name: "王医生", phone: "0580-260 1188", relation: "家庭医生", note: null },
      ],
      notes: [
        note("昨夜起来四次，走路比平时晃。", "li.mei", 5 * NOTE_MS),
        note("新的助行器明天下午送到。", "zhang.wei", 20 * NOTE_MS, 72),
      ],
    });
  }
  const above = () => [{ place: "pl_top", name: "静安护理院", ...house("pl_top") }];
  const whole = (id) => ({ ...resident(id), places: above() });
  const write = (sheet, body) => {
    if (body.seen !== sheet.version) return null;
    const { seen, ...content } = body;
    return Object.assign(sheet, content, { version: seen + 1, set_by: me.name, set_time: at(0) });
  };
  return {
    read: whole,
    house: (id) => ({ place: id, name: id, ...house(id) }),
    write: (id, body) => write(resident(id), body) && whole(id),
    writeHouse: (id, body) => write(house(id), body) && { place: id, name: id, ...house(id) },
    note: (id, body) => {
      const made = note(body.text, me.name, 0, body.hours);
      resident(id).notes.unshift(made);
      return made;
    },
    takeBack: (id, which) => {
      resident(id).notes = resident(id).notes.filter((one) => one.id !== which);
    },
  };
}

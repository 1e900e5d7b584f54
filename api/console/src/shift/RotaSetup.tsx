/** What a rota is made of: its shifts, its roles, and its people with where they are reached. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../shell/Dialog";
import { t } from "../words";
import { saveWeek } from "./CellDialog";
import { refusal } from "./acts";
import type { Rota } from "./records";
import { weekFor } from "./week";

interface Props {
  rota: Rota;
  own: boolean;
  path: string;
  show: (next: Rota | null) => void;
  close: () => void;
}

const DEFAULT: Rota["shifts"] = [{ name: "", start: "07:00", end: "19:00" }];

export function RotaSetup({ rota, own, path, show, close }: Props): JSX.Element {
  const [shifts, setShifts] = useState(own && rota.shifts.length ? rota.shifts : DEFAULT);
  const [roles, setRoles] = useState([...new Set((own ? rota.week : []).map((one) => one.role))].join(t("shift.and")));
  const [people, setPeople] = useState(own ? rota.people.map((one) => ({ name: one.name, address: "", known: true })) : []);
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    const named = people.filter((one) => one.name.trim());
    const wanted = roles.split(/[,，、]/).map((one) => one.trim()).filter(Boolean);
    const next = await saveWeek(path, {
      shifts,
      people: named.map((one) => ({ name: one.name.trim(), ...(one.address.trim() ? { address: one.address.trim() } : {}) })),
      week: weekFor(own ? rota.week : [], shifts.map((one) => one.name), wanted, named.map((one) => one.name.trim())),
    });
    setBusy(false);
    if (next) show(next);
  };
  const set = <T,>(list: T[], at: number, change: Partial<T>): T[] => list.map((one, i) => (i === at ? { ...one, ...change } : one));
  return (
    <Dialog title={t("rota.setup")} close={close}>
      <div class="rota-dialog">
        <h3>{t("rota.shifts")}</h3>
        {shifts.map((one, i) => (
          <div class="rota-line" key={i}>
            <input aria-label={t("rota.shift.name")} placeholder={t("rota.shift.name")} maxLength={40} value={one.name} onInput={(event) => setShifts(set(shifts, i, { name: event.currentTarget.value }))} />
            <input type="time" aria-label={t("rota.shift.start")} value={one.start} onInput={(event) => setShifts(set(shifts, i, { start: event.currentTarget.value }))} />
            <input type="time" aria-label={t("rota.shift.end")} value={one.end} onInput={(event) => setShifts(set(shifts, i, { end: event.currentTarget.value }))} />
            <button class="link-button" onClick={() => setShifts(shifts.filter((_, at) => at !== i))}>
              {t("rota.remove")}
            </button>
          </div>
        ))}
        <button class="button" onClick={() => setShifts([...shifts, { name: "", start: "19:00", end: "07:00" }])}>
          {t("rota.shift.add")}
        </button>
        <label class="field">
          <span>{t("rota.roles")}</span>
          <input value={roles} data-testid="rota-roles" placeholder={t("rota.roles.example")} onInput={(event) => setRoles(event.currentTarget.value)} />
        </label>
        <h3>{t("rota.people")}</h3>
        <p class="muted fine">{t("rota.people.about")}</p>
        {people.map((one, i) => (
          <div class="rota-line" key={i}>
            <input aria-label={t("rota.person")} placeholder={t("rota.person")} maxLength={40} value={one.name} readOnly={one.known} onInput={(event) => setPeople(set(people, i, { name: event.currentTarget.value }))} />
            <input class="rota-address" aria-label={t("rota.address")} placeholder={t(one.known ? "rota.address.kept" : "rota.address")} value={one.address} onInput={(event) => setPeople(set(people, i, { address: event.currentTarget.value }))} />
            <button class="link-button" onClick={() => setPeople(people.filter((_, at) => at !== i))}>
              {t("rota.remove")}
            </button>
          </div>
        ))}
        <button class="button" onClick={() => setPeople([...people, { name: "", address: "", known: false }])}>
          {t("rota.person.add")}
        </button>
        {refusal.value && (
          <p class="refusal" role="alert">
            {refusal.value}
          </p>
        )}
        <button class="button button-main button-wide" data-testid="rota-setup-save" disabled={busy || shifts.some((one) => !one.name.trim())} onClick={() => void save()}>
          {t("rota.setup.save")}
        </button>
      </div>
    </Dialog>
  );
}

/** Who has one shift: a manager says who, for this date or for each week; a nurse in charge swaps one for another. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, Refused } from "../http";
import { readsLog } from "../session";
import { Dialog } from "../shell/Dialog";
import { lang, t } from "../words";
import { act, busy, refusal, why } from "./acts";
import type { Cell, Rota } from "./records";
import { dayName, weekdayOf, withDuty } from "./week";

interface Props {
  cell: Cell;
  rota: Rota;
  path: string;
  show: (next: Rota | null) => void;
  close: () => void;
}

/** Saves the week that comes again. Addresses are left out: they stay as they are. */
export async function saveWeek(path: string, rota: Pick<Rota, "shifts" | "week"> & { people: unknown[] }): Promise<Rota | null> {
  refusal.value = null;
  try {
    return await call<Rota>("PUT", path, { shifts: rota.shifts, people: rota.people, week: rota.week });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refusal.value = why(error);
    return null;
  }
}

function People({ names, chosen, press }: { names: string[]; chosen: string[]; press: (name: string) => void }): JSX.Element {
  return (
    <div class="rota-people">
      {names.map((name) => (
        <button key={name} class="button" aria-pressed={chosen.includes(name)} onClick={() => press(name)}>
          {name}
        </button>
      ))}
    </div>
  );
}

function Choose({ cell, rota, path, show }: Props): JSX.Element {
  const [people, setPeople] = useState(cell.people);
  const key = { date: cell.date, shift: cell.shift, role: cell.role };
  const toggle = (name: string): void =>
    setPeople(people.includes(name) ? people.filter((one) => one !== name) : [...people, name]);
  const always = async (): Promise<void> => {
    const duty = { weekday: weekdayOf(cell.date), shift: cell.shift, role: cell.role, people };
    const names = rota.people.map(({ name }) => ({ name }));
    if (await saveWeek(path, { shifts: rota.shifts, people: names, week: withDuty(rota.week, duty) }))
      show(await act<Rota>(`${path}/day`, { ...key, people: null }));
    else show(null);
  };
  return (
    <>
      <People names={rota.people.map((one) => one.name)} chosen={people} press={toggle} />
      <button class="button button-main button-wide" data-testid="rota-save" disabled={busy.value} onClick={() => void act<Rota>(`${path}/day`, { ...key, people }).then(show)}>
        {t("rota.save.day", { day: dayName(cell.date, lang.value) })}
      </button>
      <div class="shift-sure">
        <button class="button" disabled={busy.value} onClick={() => void always()}>
          {t("rota.save.week")}
        </button>
        {cell.changed && (
          <button class="button" disabled={busy.value} onClick={() => void act<Rota>(`${path}/day`, { ...key, people: null }).then(show)}>
            {t("rota.usual")}
          </button>
        )}
      </div>
    </>
  );
}

function Swap({ cell, rota, path, show }: Props): JSX.Element {
  const [leaves, setLeaves] = useState(cell.people[0] ?? "");
  const [comes, setComes] = useState("");
  const body = { date: cell.date, shift: cell.shift, role: cell.role, leaves, comes };
  const others = rota.people.map((one) => one.name).filter((name) => !cell.people.includes(name));
  if (!cell.people.length) return <p class="muted">{t("rota.swap.nobody")}</p>;
  return (
    <>
      <p class="label">{t("rota.swap.leaves")}</p>
      <People names={cell.people} chosen={[leaves]} press={setLeaves} />
      <p class="label">{t("rota.swap.comes")}</p>
      <People names={others} chosen={[comes]} press={setComes} />
      <button class="button button-main button-wide" data-testid="rota-swap" disabled={busy.value || !comes} onClick={() => void act<Rota>(`${path}/swap`, body).then(show)}>
        {t("rota.swap")}
      </button>
    </>
  );
}

export function CellDialog(props: Props): JSX.Element {
  const { cell, close } = props;
  return (
    <Dialog title={`${dayName(cell.date, lang.value)} · ${cell.shift} · ${cell.role}`} close={close}>
      <div class="rota-dialog">{readsLog() ? <Choose {...props} /> : <Swap {...props} />}</div>
    </Dialog>
  );
}

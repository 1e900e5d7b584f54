/** Who is on duty in a week: a grid of days and shifts, where a place that nobody has is seen at once. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLoaded } from "../load";
import { readsLog } from "../session";
import { Failed, Loading } from "../states";
import { lang, t } from "../words";
import { act, busy, refusal } from "./acts";
import { CellDialog } from "./CellDialog";
import type { Cell, Rota } from "./records";
import { RotaSetup } from "./RotaSetup";
import { PlaceChoice, usePlace } from "./ShiftPage";
import { dayName, rowsOf, shiftWeek } from "./week";

const cellKey = (cell: Cell): string => `${cell.date} ${cell.shift} ${cell.role}`;

function CellButton({ cell, open }: { cell: Cell; open: (cell: Cell) => void }): JSX.Element {
  const missing = cell.people.length === 0;
  return (
    <button
      class={`rota-cell ${missing ? "rota-missing" : ""}`}
      data-testid={missing ? "rota-missing" : "rota-cell"}
      title={`${dayName(cell.date, lang.value)} · ${cell.shift} · ${cell.role}`}
      onClick={() => open(cell)}
    >
      {missing ? t("rota.nobody") : cell.people.join(t("shift.and"))}
      {cell.changed && <span class="rota-changed" role="img" title={t("rota.changed")} aria-label={t("rota.changed")} />}
    </button>
  );
}

function Grid({ rota, open }: { rota: Rota; open: (cell: Cell) => void }): JSX.Element {
  const dates = [...new Set(rota.days.map((cell) => cell.date))];
  const rows = rowsOf(rota);
  const found = (date: string, shift: string, role: string): Cell | undefined =>
    rota.days.find((cell) => cell.date === date && cell.shift === shift && cell.role === role);
  return (
    <div class="rota-grid" role="table" aria-label={t("rota.title")}>
      <div class="rota-row rota-head" role="row">
        <span role="columnheader" class="muted">
          {t("rota.shifts")}
        </span>
        {dates.map((date) => (
          <b key={date} role="columnheader">
            {dayName(date, lang.value)}
          </b>
        ))}
      </div>
      {rows.map(({ shift, role, hours }) => (
        <div class="rota-row" role="row" key={`${shift} ${role}`}>
          <span class="rota-name" role="rowheader">
            <b>{shift}</b> <span class="muted figures">{hours}</span>
            <span class="muted">{role}</span>
          </span>
          {dates.map((date) => {
            const cell = found(date, shift, role);
            return (
              <span key={date} role="cell" class={cell ? "" : "rota-none"}>
                <span class="rota-day">{dayName(date, lang.value)}</span>
                {cell && <CellButton cell={cell} open={open} />}
              </span>
            );
          })}
        </div>
      ))}
    </div>
  );
}

function WeekBar({ rota, week, setWeek, copy }: WeekBarProps): JSX.Element {
  return (
    <div class="rota-bar">
      <button class="button" aria-label={t("rota.before")} onClick={() => setWeek(shiftWeek(rota.monday, -1))}>
        ‹
      </button>
      <b class="figures">{t("rota.week", { from: dayName(rota.monday, lang.value) })}</b>
      <button class="button" aria-label={t("rota.after")} onClick={() => setWeek(shiftWeek(rota.monday, 1))}>
        ›
      </button>
      {week && (
        <button class="button" onClick={() => setWeek(null)}>
          {t("rota.this")}
        </button>
      )}
      {readsLog() && (
        <button class="button" data-testid="rota-copy" disabled={busy.value} onClick={copy}>
          {t("rota.copy")}
        </button>
      )}
    </div>
  );
}

interface WeekBarProps {
  rota: Rota;
  week: string | null;
  setWeek: (week: string | null) => void;
  copy: () => void;
}

export function RotaPage(): JSX.Element {
  const { places, place, choose, failed, again } = usePlace();
  const [week, setWeek] = useState<string | null>(null);
  const [cell, setCell] = useState<Cell | null>(null);
  const [setup, setSetup] = useState(false);
  const [answer, setAnswer] = useState<Rota | null>(null);
  const path = place && `/places/${encodeURIComponent(place)}/rota`;
  const loaded = useLoaded<Rota>(path && `${path}${week ? `?week=${week}` : ""}`);
  useEffect(() => setAnswer(null), [loaded.value]);
  const rota = answer?.place === place ? answer : loaded.value;
  const show = (next: Rota | null): void => {
    setCell(null);
    setSetup(false);
    if (!next) return;
    if (next.monday === rota?.monday) setAnswer(next);
    else loaded.again();
  };
  const missing = rota?.days.filter((one) => one.people.length === 0).length ?? 0;
  const own = rota !== null && rota.owner === place;
  return (
    <main class="page rota-page" id="content" data-testid="rota">
      <header class="page-head">
        <h1>{t("rota.title")}</h1>
        {missing > 0 && <span class="rota-count">{t(missing === 1 ? "rota.missing.one" : "rota.missing", { n: missing })}</span>}
        <PlaceChoice places={places} place={place} choose={choose} />
      </header>
      {failed && <Failed text={t("rota.failed")} again={again} />}
      {place && !rota && loaded.error && <Failed text={t("rota.failed")} again={loaded.again} />}
      {!failed && !rota && !loaded.error && <Loading text={t("rights.loading")} />}
      {refusal.value && (
        <p class="refusal" role="alert">
          {refusal.value}
        </p>
      )}
      {rota && path && (
        <>
          {rota.owner && <WeekBar rota={rota} week={week} setWeek={setWeek} copy={() => void act<Rota>(`${path}/copy`, { week: rota.monday }).then(show)} />}
          {rota.owner && rota.days.length > 0 && <Grid rota={rota} open={(one) => own && setCell(one)} />}
          {!own && <p class="notice">{t(rota.owner ? "rota.inherited" : "rota.none")}</p>}
          {readsLog() && (
            <p>
              <button class="button" data-testid="rota-setup" onClick={() => setSetup(true)}>
                {t(own ? "rota.setup" : "rota.setup.own")}
              </button>
            </p>
          )}
          {cell && <CellDialog key={cellKey(cell)} cell={cell} rota={rota} path={path} show={show} close={() => setCell(null)} />}
          {setup && <RotaSetup rota={rota} own={own} path={path} show={show} close={() => setSetup(false)} />}
        </>
      )}
    </main>
  );
}

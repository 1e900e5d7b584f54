/** The shift of a place: who is on, what is open, what the last shift wrote, and one button for what comes next. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLoaded } from "../load";
import { recall, remember } from "../prefs";
import { wards } from "../presence";
import { WardLine } from "../shell/WardLine";
import { user } from "../session";
import { Empty, Failed, Loading } from "../states";
import { Moment } from "../times";
import { t } from "../words";
import { act, busy, refusal } from "./acts";
import { LeftList } from "./LeftList";
import { Past, Waiting } from "./Handed";
import type { Shift, ShiftNow } from "./records";
import { SoundCheck } from "./SoundCheck";

const REFRESH_MS = 20_000;

interface Place {
  id: string;
  name: string;
  kind: string;
  path: string[];
}

/** Whose shift one most likely means: the one chosen last, a ward that must be watched, where one works. */
function usual(places: Place[]): string | null {
  const granted = (user.value?.grants ?? []).map((one) => one.place);
  const wanted = [recall("shift.place"), ...wards.value.map((ward) => ward.place), ...granted];
  const found = wanted.find((id) => places.some((place) => place.id === id));
  return found ?? places[0]?.id ?? null;
}

export function usePlace(): { places: Place[]; place: string | null; choose: (id: string) => void; failed: boolean; again: () => void } {
  const loaded = useLoaded<{ places: Place[] }>("/places");
  const [chosen, setChosen] = useState<string | null>(null);
  const places = (loaded.value?.places ?? []).filter((one) => one.kind !== "room");
  return {
    places,
    place: chosen ?? usual(places),
    choose: (id) => {
      remember("shift.place", id);
      setChosen(id);
    },
    failed: loaded.error !== null && !loaded.value,
    again: loaded.again,
  };
}

export function PlaceChoice({ places, place, choose }: { places: Place[]; place: string | null; choose: (id: string) => void }): JSX.Element | null {
  if (places.length < 2) return null;
  return (
    <label class="field shift-place">
      <span>{t("shift.place")}</span>
      <select value={place ?? ""} data-testid="shift-place" onChange={(event) => choose(event.currentTarget.value)}>
        {places.map((one) => (
          <option key={one.id} value={one.id}>
            {one.path.join(" · ")}
          </option>
        ))}
      </select>
    </label>
  );
}

function Begin({ now, show }: { now: ShiftNow; show: (next: ShiftNow | null) => void }): JSX.Element {
  return (
    <section class="panel shift-act" data-testid="shift-begin">
      <h2>{t(now.running ? "shift.join" : "shift.begin")}</h2>
      <SoundCheck
        words="begin"
        busy={busy.value}
        done={(sound) => void act(`/places/${encodeURIComponent(now.place)}/shift`, { sound }).then(show)}
      />
    </section>
  );
}

/** The note, and the button that ends the shift. What was written and not sent is kept on this device. */
function HandOver({ shift, show }: { shift: Shift; show: (next: ShiftNow | null) => void }): JSX.Element {
  const draft = `shift.note.${shift.id}`;
  const [note, setNote] = useState(recall(draft) ?? shift.note);
  const [sure, setSure] = useState(false);
  const path = `/shifts/${encodeURIComponent(shift.id)}`;
  const body = note.trim() ? { note: note.trim() } : {};
  const changed = note.trim() !== shift.note.trim();
  return (
    <section class="panel shift-act">
      <label class="field" for="shift-note">
        <h2>{t("shift.note")}</h2>
        <span class="muted fine">{t("shift.note.about")}</span>
      </label>
      <textarea
        id="shift-note"
        data-testid="shift-note"
        rows={4}
        maxLength={2000}
        value={note}
        onInput={(event) => {
          setNote(event.currentTarget.value);
          remember(draft, event.currentTarget.value);
        }}
      />
      {sure ? (
        <div class="shift-sure">
          <p>{t("shift.handover.sure")}</p>
          <button class="button button-main" data-testid="handover-sure" disabled={busy.value} onClick={() => void act(`${path}/handover`, body).then(show)}>
            {t("shift.handover.yes")}
          </button>
          <button class="button" onClick={() => setSure(false)}>
            {t("shift.handover.no")}
          </button>
        </div>
      ) : (
        <div class="shift-sure">
          <button class="button button-main" data-testid="handover" onClick={() => setSure(true)}>
            {t("shift.handover")}
          </button>
          <button class="button" data-testid="note-save" disabled={busy.value || !changed || !note.trim()} onClick={() => void act(`${path}/note`, body).then(show)}>
            {t(changed || !note.trim() ? "shift.note.save" : "shift.note.saved")}
          </button>
        </div>
      )}
    </section>
  );
}

function WhoIsOn({ now }: { now: ShiftNow }): JSX.Element {
  return (
    <section class="panel">
      <h2 class="label">{t("shift.on")}</h2>
      {!now.running && <p class="muted">{t("shift.on.none")}</p>}
      <ul class="crew" data-testid="crew">
        {now.running?.crew.map((one) => (
          <li key={one.account}>
            <b>{one.name}</b>
            <span class="muted figures">
              {t("shift.since")} <Moment at={one.since} />
            </span>
            <span class={one.sound ? "muted" : "chip"}>{t(one.sound ? "shift.crew.sound" : "shift.crew.silent")}</span>
          </li>
        ))}
      </ul>
      {now.on_duty.map((one) => (
        <p key={one.role} class={one.people.length ? "" : "notice"}>
          <span class="muted">{t("shift.duty", { role: one.role })}</span>{" "}
          {one.people.length ? one.people.join(t("shift.and")) : t("shift.duty.none")}
        </p>
      ))}
      {now.ward && <WardLine ward={now.ward} />}
    </section>
  );
}

export function ShiftPage(): JSX.Element {
  const { places, place, choose, failed, again } = usePlace();
  const loaded = useLoaded<ShiftNow>(place && `/places/${encodeURIComponent(place)}/shift`, 0, REFRESH_MS);
  const [answer, setAnswer] = useState<ShiftNow | null>(null);
  useEffect(() => setAnswer(null), [loaded.value]);
  useEffect(() => {
    refusal.value = null;
  }, [place]);
  const now = answer?.place === place ? answer : loaded.value;
  const show = (next: ShiftNow | null): void => (next ? setAnswer(next) : loaded.again());
  const shift = now?.running;
  return (
    <main class="page shift-page" id="content" data-testid="shift">
      <header class="page-head">
        <h1>{t("shift.title")}</h1>
        {shift && (
          <span class="muted">
            {shift.name || now.name} · {t("shift.since")} <Moment at={shift.begun} />
            {shift.ends && (
              <>
                {" · "}
                {t("shift.until")} <Moment at={shift.ends} />
              </>
            )}
          </span>
        )}
        <PlaceChoice places={places} place={place} choose={choose} />
      </header>
      {failed && <Failed text={t("shift.failed")} again={again} />}
      {place && !now && loaded.error && <Failed text={t("shift.failed")} again={loaded.again} />}
      {!failed && !now && !loaded.error && <Loading text={t("rights.loading")} />}
      {place === null && places.length === 0 && !failed && now && <Empty>{t("shift.noplace")}</Empty>}
      {refusal.value && (
        <p class="refusal" role="alert">
          {refusal.value}
        </p>
      )}
      {now && (
        <div class="shift-grid">
          <div class="shift-main">
            {now.to_accept.map((one) => (
              <Waiting key={one.id} shift={one} show={show} />
            ))}
            {!now.mine && now.to_accept.every((one) => one.yours) && <Begin now={now} show={show} />}
            {shift && now.mine && <HandOver key={shift.id} shift={shift} show={show} />}
            <section class="panel">
              <h2 class="label">{t("shift.left")}</h2>
              <LeftList left={now.left} />
            </section>
          </div>
          <div class="shift-side">
            <WhoIsOn now={now} />
            <section class="panel">
              <h2 class="label">{t("shift.last")}</h2>
              <Past shifts={now.recent.filter((one) => one.accepted_by)} />
            </section>
          </div>
        </div>
      )}
    </main>
  );
}

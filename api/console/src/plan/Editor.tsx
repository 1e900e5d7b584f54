/** Placing rooms on the drawing, apart from the plan that is watched. Nothing counts before it is saved, and all of it can be taken back. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../http";
import { setGuard } from "../router";
import { Dialog } from "../shell/Dialog";
import { Failed, Loading } from "../states";
import { Moment } from "../times";
import { toast } from "../toasts";
import { t } from "../words";
import { bringBack, refusalOf, removeDrawing, saveRooms, sendDrawing } from "./acts";
import { begun, differs, laid, redone, undone, type Draft, type Press } from "./draft";
import type { Plan, Room, Share } from "./records";
import { boxOf, freeSpot, isRectangle, rectangle, SHEET, withCorner, withoutCorner } from "./shapes";
import { Sheet } from "./Sheet";

interface Props {
  place: string;
  leave: () => void;
}

export function Editor({ place, leave }: Props): JSX.Element {
  const [plan, setPlan] = useState<Plan | null>(null);
  const [draft, setDraft] = useState<Draft>(() => begun([]));
  const [chosen, setChosen] = useState<string | null>(null);
  const [corner, setCorner] = useState<number | null>(null);
  const [busy, setBusy] = useState<"save" | "drawing" | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const changed = plan !== null && differs(draft, plan.rooms);

  const load = (): void => {
    setRefused(null);
    get<Plan>(`/places/${encodeURIComponent(place)}/plan`).then(
      (found) => {
        setPlan(found);
        setDraft(begun(found.rooms));
      },
      () => setRefused(t("plan.failed")),
    );
  };
  useEffect(load, [place]);
  useEffect(() => {
    setGuard(() => !changed || (setAsking(true), false));
    const stay = (event: BeforeUnloadEvent): void => event.preventDefault();
    if (changed) addEventListener("beforeunload", stay);
    return () => {
      setGuard(null);
      removeEventListener("beforeunload", stay);
    };
  }, [changed]);
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      event.preventDefault();
      setDraft(event.shiftKey ? redone : undone);
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, []);

  if (!plan)
    return (
      <main class="page" id="content">
        {refused ? <Failed text={refused} again={load} /> : <Loading text={t("plan.loading")} />}
      </main>
    );

  /** `keep`: what was drawn and not saved lies on the new version too. */
  const send = async (what: "save" | "drawing", ask: () => Promise<Plan>, keep: boolean): Promise<void> => {
    setBusy(what);
    setRefused(null);
    try {
      const after = await ask();
      setPlan(after);
      if (!keep) setDraft(begun(after.rooms));
      if (what === "save") toast(t("plan.edit.saved"));
    } catch (error) {
      setRefused(refusalOf(error));
    }
    setBusy(null);
  };
  const lay = (which: string, corners: Share[] | null, press: Press | null = null): void => setDraft((was) => laid(was, which, corners, press));
  const choose = (which: string | null, k: number | null = null): void => {
    setChosen(which);
    setCorner(k);
  };
  const room = draft.rooms.find((one) => one.place === chosen) ?? null;
  const aspect = plan.drawing ? plan.drawing.width / plan.drawing.height : SHEET;

  return (
    <main class="plan plan-editing" id="content" data-testid="plan-editor">
      <header class="plan-head">
        <h1>{t("plan.edit.title", { place: plan.name })}</h1>
        {changed && <span class="chip">{t("plan.edit.unsaved")}</span>}
        <span class="header-space" />
        <button class="button" data-testid="plan-undo" disabled={!draft.before.length} onClick={() => setDraft(undone)}>
          {t("plan.edit.undo")}
        </button>
        <button class="button" data-testid="plan-redo" disabled={!draft.after.length} onClick={() => setDraft(redone)}>
          {t("plan.edit.redo")}
        </button>
        <button class="button button-main" data-testid="plan-save" disabled={!changed || busy !== null} onClick={() => void send("save", () => saveRooms(plan, draft.rooms), false)}>
          {t(busy === "save" ? "plan.edit.saving" : "plan.edit.save")}
        </button>
        <button class="button" data-testid="plan-leave" disabled={busy !== null} onClick={() => (changed ? setAsking(true) : leave())}>
          {t("plan.edit.leave")}
        </button>
      </header>
      {refused && (
        <p class="refusal plan-refusal" role="alert">
          {refused}{" "}
          <button class="button" onClick={load}>
            {t("plan.no.reload")}
          </button>
        </p>
      )}
      <div class="plan-body">
        <Sheet plan={plan} rooms={draft.rooms} aspect={aspect} chosen={chosen} corner={corner} choose={choose} lay={lay} />
        <aside class="plan-side">
          <p class="fine">{t("plan.edit.about")}</p>
          <Shape room={room} corner={corner} aspect={aspect} lay={lay} choose={choose} />
          <Unplaced rooms={draft.rooms} chosen={chosen} choose={choose} lay={lay} />
          <DrawingPart plan={plan} busy={busy} send={(ask) => void send("drawing", ask, true)} />
          <Versions plan={plan} busy={busy !== null} back={(version) => void send("drawing", () => bringBack(plan, version), false)} />
        </aside>
      </div>
      {asking && (
        <Dialog title={t("plan.edit.unsaved")} close={() => setAsking(false)}>
          <p>{t("plan.edit.sure")}</p>
          <div class="buttons">
            <button class="button" onClick={leave} data-testid="plan-sure">
              {t("plan.edit.sure.leave")}
            </button>
            <button class="button button-main" autoFocus onClick={() => setAsking(false)}>
              {t("plan.edit.sure.stay")}
            </button>
          </div>
        </Dialog>
      )}
    </main>
  );
}

type Lay = (place: string, corners: Share[] | null) => void;
type Choose = (place: string | null, corner?: number | null) => void;

/** What can be done to the room in hand. */
function Shape({ room, corner, aspect, lay, choose }: { room: Room | null; corner: number | null; aspect: number; lay: Lay; choose: Choose }): JSX.Element | null {
  const corners = room?.corners;
  if (!room || !corners) return null;
  return (
    <section class="panel plan-tools" aria-label={room.name}>
      <h2>{room.name}</h2>
      <div class="buttons">
        <button class="button" data-testid="plan-corner-add" onClick={() => lay(room.place, withCorner(corners, aspect))}>
          {t("plan.edit.corner.add")}
        </button>
        {corner !== null && corners.length > 3 && (
          <button
            class="button"
            onClick={() => {
              lay(room.place, withoutCorner(corners, corner));
              choose(room.place);
            }}
          >
            {t("plan.edit.corner.remove")}
          </button>
        )}
        {!isRectangle(corners) && (
          <button class="button" onClick={() => lay(room.place, rectangle(boxOf(corners)))}>
            {t("plan.edit.square")}
          </button>
        )}
        <button
          class="button"
          onClick={() => {
            lay(room.place, null);
            choose(null);
          }}
        >
          {t("plan.edit.takeoff")}
        </button>
      </div>
    </section>
  );
}

/** Rooms that are not on the drawing: a press takes one in hand, a second (or a drag on the sheet) places it. */
function Unplaced({ rooms, chosen, choose, lay }: { rooms: Room[]; chosen: string | null; choose: Choose; lay: Lay }): JSX.Element {
  const left = rooms.filter((room) => !room.corners);
  const press = (room: Room, keyboard: boolean): void => {
    // A key has no place to drag to: the room stands where there is room, and is in hand.
    if (keyboard || chosen === room.place) {
      lay(room.place, freeSpot(rooms));
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-testid="plan-edit-room"][data-place="${CSS.escape(room.place)}"]`)?.focus());
    }
    choose(room.place);
  };
  return (
    <section>
      <h2 class="label">{t("plan.edit.unplaced")}</h2>
      {!left.length && <p class="muted">{t("plan.edit.all")}</p>}
      <ul class="plan-unplaced">
        {left.map((room) => (
          <li key={room.place}>
            <button class="button" data-testid="plan-place" data-place={room.place} aria-label={t("plan.edit.place", { room: room.name })} aria-pressed={chosen === room.place} onClick={(event) => press(room, event.detail === 0)}>
              {room.name}
            </button>
          </li>
        ))}
      </ul>
      {left.some((room) => room.place === chosen) && (
        <p class="notice" role="status">
          {t("plan.edit.draw")}
        </p>
      )}
    </section>
  );
}

function DrawingPart({ plan, busy, send }: { plan: Plan; busy: string | null; send: (ask: () => Promise<Plan>) => void }): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  return (
    <section class="panel">
      <h2>{t("plan.drawing")}</h2>
      <p class="fine">{t("plan.drawing.about")}</p>
      <input
        ref={input}
        class="unseen"
        type="file"
        tabIndex={-1}
        aria-hidden="true"
        accept="image/png,image/jpeg,image/webp,image/svg+xml"
        data-testid="plan-file"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) send(() => sendDrawing(plan, file));
        }}
      />
      <div class="buttons">
        <button class="button" data-testid="plan-upload" disabled={busy !== null} onClick={() => input.current?.click()}>
          {t(busy === "drawing" ? "plan.drawing.sending" : plan.drawing ? "plan.drawing.other" : "plan.drawing.choose")}
        </button>
        {plan.drawing && (
          <button class="button" disabled={busy !== null} onClick={() => send(() => removeDrawing(plan))}>
            {t("plan.drawing.remove")}
          </button>
        )}
      </div>
    </section>
  );
}

function Versions({ plan, busy, back }: { plan: Plan; busy: boolean; back: (version: number) => void }): JSX.Element {
  return (
    <details class="plan-versions">
      <summary>
        {t("plan.versions")} <span class="count figures">{Math.max(0, plan.versions.length - 1)}</span>
      </summary>
      {plan.versions.length < 2 && <p class="muted">{t("plan.versions.none")}</p>}
      <ul>
        {plan.versions.map((one) => (
          <li key={one.version}>
            <span>
              <Moment at={one.time} /> {one.by}: {t(`plan.what.${one.what}`)} <span class="plan-fine">{t("plan.versions.line", { n: one.rooms })}</span>
            </span>
            {one.version === plan.version ? (
              <span class="chip">{t("plan.versions.now")}</span>
            ) : (
              <button class="button" data-testid={`plan-back-${one.version}`} disabled={busy} onClick={() => back(one.version)}>
                {t("plan.versions.back")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

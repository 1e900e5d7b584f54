/** From when until when somebody is away. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { platformNow } from "../../clock";
import type { Absence } from "./records";
import { Dialog } from "../../shell/Dialog";
import { t } from "../../words";
import { InWords } from "../InWords";
import { plan, replan, sending, type Entered } from "./acts";
import { fromWall, toWall, wallAfter } from "./zone";

interface Props {
  resident: string;
  zone: string;
  /** The one to change; null: a new one. */
  was: Absence | null;
  /** When a new one begins; null: now. */
  startMs: number | null;
  close: () => void;
}

/** When people usually come back, from when they leave on. */
function suggestions(startMs: number, zone: string): [string, string][] {
  const at = (days: number, clock: string): string => wallAfter(startMs, days, clock, zone);
  const found: [string, string][] = [
    [t("absence.evening"), at(0, "20:00")],
    [t("absence.nextday"), at(1, "12:00")],
    [t("absence.week"), at(7, "12:00")],
  ];
  return found.filter(([, wall]) => (fromWall(wall, zone) ?? 0) > startMs);
}

export function AbsenceDialog({ resident, zone, was, startMs, close }: Props): JSX.Element {
  const [opened] = useState(() => {
    const start = toWall(was ? Date.parse(was.start) : (startMs ?? platformNow()), zone);
    return { start, until: was?.until ? toWall(Date.parse(was.until), zone) : "", note: was?.note ?? "" };
  });
  const [entered, setEntered] = useState(opened);
  const [open, setOpen] = useState(was !== null && was.until === null);
  const [refused, setRefused] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const put = (part: Partial<typeof opened>): void => {
    setRefused(null);
    setEntered({ ...entered, ...part });
  };
  const begun = was !== null && Date.parse(was.start) <= platformNow();
  const isNow = was === null && startMs === null && entered.start === opened.start;
  const start = isNow ? platformNow() : fromWall(entered.start, zone);
  const until = open ? null : fromWall(entered.until, zone);
  const wrong = start === null || (!open && until === null) ? "absence.missing" : until !== null && until <= Math.max(start, platformNow()) ? "absence.order" : null;
  const dirty = JSON.stringify(entered) !== JSON.stringify(opened) || open !== (was !== null && was.until === null);
  const leave = (): void => (dirty && !asking ? setAsking(true) : close());
  const send = async (): Promise<void> => {
    const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
    const told: Entered = { until: iso(until), note: entered.note.trim() || null };
    if (!isNow && !begun && start !== null) told.start = new Date(start).toISOString();
    const no = await (was ? replan(resident, was, told) : plan(resident, told));
    if (no === null) close();
    else setRefused(no);
  };
  return (
    <Dialog title={t(was ? "absence.change.title" : "absence.plan")} close={leave}>
      <form
        class="resolve"
        data-testid="absence-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) void send();
        }}
      >
        <label class="field">
          {t(begun ? "absence.begun" : was === null && startMs === null ? "absence.from.now" : "absence.from")}
          <input
            type="datetime-local"
            data-testid="absence-from"
            value={entered.start}
            disabled={begun}
            onInput={(event) => put({ start: event.currentTarget.value })}
          />
          <InWords ms={start} zone={zone} />
        </label>
        <label class="field">
          {t("absence.until")}
          <input
            type="datetime-local"
            data-testid="absence-until"
            value={open ? "" : entered.until}
            disabled={open}
            autoFocus
            onInput={(event) => put({ until: event.currentTarget.value })}
          />
          <InWords ms={until} zone={zone} />
        </label>
        <div class="pills" role="group" aria-label={t("absence.until")}>
          {start !== null &&
            suggestions(start, zone).map(([words, wall]) => (
              <button
                key={words}
                type="button"
                class={`pill ${!open && entered.until === wall ? "pill-chosen" : ""}`}
                aria-pressed={!open && entered.until === wall}
                onClick={() => {
                  setOpen(false);
                  put({ until: wall });
                }}
              >
                {words}
              </button>
            ))}
          <button
            type="button"
            class={`pill ${open ? "pill-chosen" : ""}`}
            aria-pressed={open}
            data-testid="absence-open"
            onClick={() => setOpen(!open)}
          >
            {t("absence.open")}
          </button>
        </div>
        {open && <p class="fine">{t("absence.open.about")}</p>}
        <label class="field">
          {t("absence.note")}
          <input
            maxLength={200}
            value={entered.note}
            placeholder={t("absence.note.placeholder")}
            onInput={(event) => put({ note: event.currentTarget.value })}
          />
        </label>
        {refused && (
          <p class="refusal" role="alert">
            {refused}
          </p>
        )}
        {asking ? (
          <div class="buttons" role="alert">
            <span>{t("absence.discard")}</span>
            <button class="button button-main" type="button" onClick={() => setAsking(false)}>
              {t("settings.stay")}
            </button>
            <button class="button" type="button" onClick={close}>
              {t("settings.drop")}
            </button>
          </div>
        ) : (
          <div class="buttons">
            <button class="button button-main" data-testid="absence-save" disabled={wrong !== null || sending.value}>
              {sending.value ? t("action.busy") : t("settings.save")}
            </button>
            <button class="button" type="button" onClick={leave}>
              {t("action.cancel")}
            </button>
            {wrong && dirty && <span class="muted">{t(wrong)}</span>}
          </div>
        )}
      </form>
    </Dialog>
  );
}

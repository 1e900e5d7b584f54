/** Shifts that were handed over: one that waits for somebody, and those that somebody has taken over. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Moment, Filled } from "../times";
import { t } from "../words";
import { act, busy } from "./acts";
import { LeftList } from "./LeftList";
import type { Shift, ShiftNow } from "./records";
import { SoundCheck } from "./SoundCheck";

function Said({ shift }: { shift: Shift }): JSX.Element {
  return (
    <>
      {shift.note ? <p class="handed-note">{shift.note}</p> : <p class="muted">{t("shift.note.none")}</p>}
      {shift.left.length > 0 && (
        <details>
          <summary>{t("shift.left.then", { n: shift.left.length })}</summary>
          <LeftList left={shift.left} />
        </details>
      )}
    </>
  );
}

/** One that nobody has taken over yet. */
export function Waiting({ shift, show }: { shift: Shift; show: (next: ShiftNow | null) => void }): JSX.Element {
  const [taking, setTaking] = useState(false);
  const done = (sound: boolean): void =>
    void act(`/shifts/${encodeURIComponent(shift.id)}/accept`, { sound }).then(show);
  const by = shift.handed_by ?? shift.crew.map((one) => one.name).join(t("shift.and"));
  return (
    <section class={`panel shift-act waiting ${shift.open ? "waiting-open" : ""}`} data-testid="waiting">
      <h2>
        <Filled
          words={shift.handed_by ? "shift.waiting" : "shift.waiting.unsaid"}
          name="time"
          value={<Moment at={shift.handed ?? shift.begun} />}
          fill={{ name: by }}
        />
      </h2>
      {shift.open && <p class="notice">{t("shift.open")}</p>}
      <Said shift={shift} />
      {shift.yours && <p class="muted">{t("shift.waiting.yours")}</p>}
      {!shift.yours && !taking && (
        <button class="button button-main button-wide" data-testid="accept" onClick={() => setTaking(true)}>
          {t("shift.accept")}
        </button>
      )}
      {!shift.yours && taking && <SoundCheck words="accept" busy={busy.value} done={done} />}
    </section>
  );
}

/** Those that somebody has, the latest first. */
export function Past({ shifts }: { shifts: Shift[] }): JSX.Element {
  if (!shifts.length) return <p class="muted">{t("shift.last.none")}</p>;
  return (
    <ul class="past" data-testid="past">
      {shifts.map((shift) => (
        <li key={shift.id}>
          <p>
            <Filled
              words="shift.taken"
              name="time"
              value={<Moment at={shift.accepted ?? shift.begun} />}
              fill={{ name: shift.accepted_by ?? "", from: shift.handed_by ?? shift.crew[0]?.name ?? "" }}
            />
          </p>
          <Said shift={shift} />
        </li>
      ))}
    </ul>
  );
}

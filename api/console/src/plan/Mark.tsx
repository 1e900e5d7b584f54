/** The mark of a room's state: a shape for each, so that it is told without colour too. */

import type { JSX } from "preact";
import { Shape } from "../marks";
import { t } from "../words";
import { STATES, type RoomState, type RoomView } from "./state";

/** Lines in a box of 24. Of what is open the severity's own shape stands here (marks.tsx). */
const LINES: Record<Exclude<RoomState, "open" | "claimed" | "held">, string> = {
  there: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Zm0 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z",
  blind: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM6.4 6.4l11.2 11.2",
  off: "M8 8V4h8v4m0 8v4H8v-4M7 9h10v6H7Zm-3 12L20 3",
  away: "M4 12h14m-5-5 5 5-5 5",
  quiet: "m5 12.5 4.5 4.5L19 7.5",
  empty: "M6 12h12",
  names: "M12 5a3.4 3.4 0 1 0 0 6.8A3.4 3.4 0 0 0 12 5Zm-6.5 14a6.5 6.5 0 0 1 13 0",
};

export function Mark({ view }: { view: Pick<RoomView, "state" | "severity"> }): JSX.Element {
  const { state, severity } = view;
  if (state === "open" || state === "claimed" || state === "held")
    return <Shape severity={severity ?? "low"} quiet={state !== "open"} />;
  return (
    <svg class={`shape plan-mark plan-mark-${state}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={LINES[state]} />
    </svg>
  );
}

const SEVERITIES = ["high", "medium", "low"] as const;

/** What the marks mean. */
export function Key(): JSX.Element {
  return (
    <details class="plan-key">
      <summary>{t("plan.key")}</summary>
      <ul>
        {SEVERITIES.map((severity) => (
          <li key={severity}>
            <Mark view={{ state: "open", severity }} /> {t(`severity.${severity}`)}
          </li>
        ))}
        {STATES.filter((state) => state !== "open" && state !== "names").map((state) => (
          <li key={state}>
            <Mark view={{ state, severity: "high" }} /> {t(`plan.state.${state}`)}
          </li>
        ))}
      </ul>
    </details>
  );
}

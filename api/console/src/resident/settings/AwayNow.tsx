/** Somebody is away now: until when, why, and the press that says that they are back. */

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { nowMs } from "../../clock";
import { open } from "../../alerts";
import { Icon } from "../../marks";
import type { Resident } from "../../records";
import type { Absence } from "./records";
import { t } from "../../words";
import { stirs } from "../asking";
import { daysSince } from "./absences";
import { back, sending, still } from "./acts";
import { Stretch } from "./Stretch";
import { zoneOf } from "./zone";

interface Props {
  person: Resident;
  one: Absence;
  /** Further things to do with it. */
  children?: ComponentChildren;
}

/** Nobody has said for a week that they are still away: until somebody does, nobody watches the home. */
function Asks({ person, one }: { person: Resident; one: Absence }): JSX.Element {
  return (
    <p class="away-asks" data-testid="away-asks">
      <b>{t("absence.asks", { n: daysSince(one, nowMs.value) })}</b>
      <span>{t(stirs(open.value, person.id) ? "absence.asks.stirs" : "absence.asks.about")}</span>
    </p>
  );
}

export function AwayNow({ person, one, children }: Props): JSX.Element {
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <div class="away-now" data-testid="away-now">
      <span>
        <b>{t("absence.now")}</b>
        <Stretch one={one} zone={zoneOf(person)} />
        {one.asks && <Asks person={person} one={one} />}
      </span>
      <span class="away-acts">
        <button
          class="button button-main"
          data-testid="is-back"
          disabled={sending.value}
          onClick={() => void back(person.id, one).then(setRefused)}
        >
          <Icon name="check" />
          {t("absence.back")}
        </button>
        {one.asks && (
          <button
            class="button"
            data-testid="still-away"
            disabled={sending.value}
            onClick={() => void still(person.id, one).then(setRefused)}
          >
            {t("absence.still")}
          </button>
        )}
        {children}
      </span>
      {refused && (
        <p class="refusal" role="alert">
          {refused}
        </p>
      )}
    </div>
  );
}

/** Somebody is away now: until when, why, and the press that says that they are back. */

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../marks";
import type { Absence, Resident } from "../../records";
import { t } from "../../words";
import { back, sending } from "./acts";
import { Stretch } from "./Stretch";
import { zoneOf } from "./zone";

interface Props {
  person: Resident;
  one: Absence;
  /** Further things to do with it. */
  children?: ComponentChildren;
}

export function AwayNow({ person, one, children }: Props): JSX.Element {
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <div class="away-now" data-testid="away-now">
      <span>
        <b>{t("absence.now")}</b>
        <Stretch one={one} zone={zoneOf(person)} />
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

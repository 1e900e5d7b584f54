/** Calmer, normal, keener: three cards, each with what may be expected of it. */

import type { JSX } from "preact";
import { SENSITIVITIES, type Expectation, type Sensitivity } from "./records";
import { t } from "../../words";
import { expectedSaid } from "./expected";
import type { PartProps } from "./SettingsPage";

interface CardProps {
  sensitivity: Sensitivity;
  expected: Expectation | undefined;
  chosen: boolean;
  may: boolean;
  choose: () => void;
}

function SensitivityCard({ sensitivity, expected, chosen, may, choose }: CardProps): JSX.Element {
  const says = expected && expectedSaid(expected);
  return (
    <label class={`choice ${chosen ? "choice-chosen" : ""}`} data-testid={`sensitivity-${sensitivity}`}>
      <span class="choice-head">
        <input type="radio" name="sensitivity" checked={chosen} disabled={!may} onChange={choose} />
        <b>{t(`sensitivity.${sensitivity}`)}</b>
      </span>
      <span class="muted">{t(`sensitivity.${sensitivity}.about`)}</span>
      {says && (
        <span class="choice-facts">
          <span class="choice-big">
            <small>{t("expected.found.label")}</small>
            <b class="figures">{says.found}</b>
            <small>{says.most}</small>
          </span>
          <span class="choice-big">
            <small>{t("expected.false.label")}</small>
            <b class="figures">{says.silence}</b>
            <small>{t("expected.everyday", { every: says.everyday })}</small>
          </span>
        </span>
      )}
    </label>
  );
}

export function SensitivityPart({ saved, draft, may, edit }: PartProps): JSX.Element {
  return (
    <section class="panel panel-wide">
      <h2>{t("sensitivity.title")}</h2>
      <p class="muted">{t("sensitivity.about")}</p>
      <div class="choices" role="radiogroup" aria-label={t("sensitivity.title")}>
        {SENSITIVITIES.map((one) => (
          <SensitivityCard
            key={one}
            sensitivity={one}
            expected={saved.expected.find((each) => each.sensitivity === one)}
            chosen={draft.sensitivity === one}
            may={may}
            choose={() => edit({ sensitivity: one })}
          />
        ))}
      </div>
      <p class="fine">{t("expected.measured", { homes: saved.measured.homes, weeks: saved.measured.home_weeks })}</p>
    </section>
  );
}

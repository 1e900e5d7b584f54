/** How the person gets about: context for what is said after a fall. */

import type { JSX } from "preact";
import { MOBILITIES } from "./records";
import { t, type Key } from "../../words";
import type { PartProps } from "./SettingsPage";

export function MobilityPart({ saved, draft, may, edit }: PartProps): JSX.Element {
  const chosen = draft.mobility ?? saved.mobility_known;
  const words = saved.mobility_known === "unknown" ? saved.mobility : null;
  return (
    <section class="panel">
      <h2>{t("settings.mobility")}</h2>
      <p class="muted">{t("settings.mobility.about")}</p>
      {words && <p class="notice">{t("settings.mobility.words", { words })}</p>}
      <div class="pills" role="radiogroup" aria-label={t("settings.mobility")}>
        {MOBILITIES.map((one) => (
          <label key={one} class={`pill ${chosen === one ? "pill-chosen" : ""}`} data-testid={`mobility-${one}`}>
            <input
              type="radio"
              name="mobility"
              checked={chosen === one}
              disabled={!may}
              onChange={() => edit({ mobility: one })}
            />
            {t(`mobility.${one}` as Key)}
          </label>
        ))}
      </div>
    </section>
  );
}
